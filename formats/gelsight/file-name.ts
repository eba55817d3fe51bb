import { createHash } from 'node:crypto'

/** Last part of a path of either kind: `C:\\Users\\x\\Calib-1.yaml`, `..\\model.yaml`, `a/b.png`. */
export function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

/** Base name without `.yaml` or `.yml`: how a scan names its calibration. */
export function calibrationName(path: string): string {
  return baseName(path).replace(/\.ya?ml$/i, '')
}

export type FileKind = 'scan' | 'context' | 'yaml' | 'backup' | 'image' | 'heightmap' | 'other'

/** What a file of a drop is, by its name alone. */
export function fileKind(path: string): FileKind {
  const name = baseName(path).toLowerCase()
  if (name === 'scan.yaml') return 'scan'
  if (name === 'scancontext.yaml') return 'context'
  if (/\.ya?ml$/.test(name)) return 'yaml'
  if (/\.ya?ml\.bak$/.test(name)) return 'backup'
  if (/\.(png|jpe?g|tiff?|bmp)$/.test(name)) return 'image'
  return name.endsWith('.tmd') ? 'heightmap' : 'other'
}

const forbidden = new Set('<>:"/\\|?*')

/**
 * A name that is safe as one segment of a lake path on every system. One that had to be changed carries a hash of the original, so that
 * different names never meet.
 */
export function safeSegment(name: string): string {
  const cleaned = Array.from(name, (character) =>
    forbidden.has(character) || character < ' ' || character === '\u007f' ? '_' : character,
  )
    .join('')
    .slice(0, 120)
    .replace(/[. ]+$/, '')
  if (cleaned === name && name !== '') return name
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return cleaned === '' ? hash : `${cleaned}-${hash}`
}
