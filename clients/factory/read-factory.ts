import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { factoryFromArm } from '../../adf/arm/factory-from-arm.ts'
import { DefinitionError } from '../../adf/errors.ts'
import type { FactorySource, SourceFile } from '../../adf/plan/factory-source.ts'
import { kindOf } from '../../adf/plan/factory-source.ts'
import { armTemplateAmong, readArm } from './read-arm.ts'

/** A factory as it was read; `root` is its folder or ARM template, `contents` holds the bytes of each file by SHA-256. */
export interface FactoryFolder {
  readonly root: string
  readonly source: FactorySource
  readonly contents: ReadonlyMap<string, Uint8Array>
}

const fileLimit = 32 * 1024 * 1024
const filesLimit = 10_000
const deepest = 20
const skipped = new Set(['node_modules', '__pycache__'])

/**
 * Reads a factory once, so that plan and stored files agree whatever is edited meanwhile. `place` is the factory or a folder above it:
 * the nearest one that holds `pipeline/` or `factory.yaml` counts, then the nearest ARM template. It may be an ARM template itself.
 * Throws a DefinitionError where there is none, or several.
 */
export async function readFactory(place: string): Promise<FactoryFolder> {
  const start = resolve(place)
  const about = await stat(start).catch(() => null)
  if (about?.isFile() === true) return readTemplate(start)
  const root = await findRoot(start)
  return root.kind === 'arm' ? readTemplate(root.path) : readFolder(root.path)
}

async function readTemplate(path: string): Promise<FactoryFolder> {
  const exported = factoryFromArm(await readArm(path), sha256Of)
  const source = { ...exported, files: [...exported.files, ...(await proceduresBeside(path))] }
  const contents = new Map(
    source.files.map((file) => [file.sha256, new TextEncoder().encode(file.text ?? '')] as const),
  )
  return { root: path, source, contents }
}

/** Stored procedures are in no export: their texts lie in `procedure/` beside the template, as they do in a factory's folder. */
async function proceduresBeside(template: string): Promise<SourceFile[]> {
  const folder = join(dirname(template), 'procedure')
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.sql$/i.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name))
      if (bytes.length > fileLimit)
        throw new DefinitionError(
          `${join(folder, name)} has ${bytes.length} bytes; a file of a factory has at most ${fileLimit}`,
        )
      const text = textOf(bytes)
      if (text === null)
        throw new DefinitionError(`${join(folder, name)} is not UTF-8 text; a procedure is SQL`)
      return { path: `procedure/${name}`, sha256: sha256Of(bytes), text }
    }),
  )
}

async function readFolder(root: string): Promise<FactoryFolder> {
  const paths = await filesBelow(root)
  const files: SourceFile[] = []
  const contents = new Map<string, Uint8Array>()
  for (const path of paths) {
    const bytes = await readFile(join(root, path))
    const sha256 = sha256Of(bytes)
    const text = textOf(bytes)
    files.push({ path, sha256, text })
    if (['other', 'factory', 'adfFactory'].includes(kindOf(path))) contents.set(sha256, bytes)
  }
  return { root, source: { name: basename(root), files }, contents }
}

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

async function findRoot(start: string): Promise<{ kind: 'folder' | 'arm'; path: string }> {
  let level = [start]
  const templates: string[] = []
  for (let depth = 0; depth < 5 && level.length > 0; depth++) {
    const below: string[] = []
    const found: string[] = []
    for (const folder of level) {
      const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
        if (folder === start)
          throw new DefinitionError(`${folder} cannot be read; give the folder of a factory`, { cause })
        return []
      })
      const isFactory = entries.some(
        (entry) =>
          (isFolder(entry) && entry.name.toLowerCase() === 'pipeline') ||
          (!entry.isDirectory() && /^factory\.(ya?ml|json)$/i.test(entry.name)),
      )
      if (isFactory) found.push(folder)
      const template = armTemplateAmong(
        entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
      )
      if (template !== null) templates.push(join(folder, template))
      below.push(
        ...entries
          .filter((entry) => entry.isDirectory() && !isSkipped(entry.name))
          .map((entry) => join(folder, entry.name)),
      )
    }
    const [first, second] = found
    if (first !== undefined && second === undefined) return { kind: 'folder', path: first }
    if (first !== undefined)
      throw new DefinitionError(`${start} holds ${found.length} factories; give one of: ${found.join(', ')}`)
    level = below
  }
  const [template, another] = templates
  if (
    template !== undefined &&
    (another === undefined || dirname(another) === join(dirname(template), 'linkedTemplates'))
  )
    return { kind: 'arm', path: template }
  if (template !== undefined)
    throw new DefinitionError(
      `${start} holds ${templates.length} ARM templates; give one of: ${templates.join(', ')}`,
    )
  throw new DefinitionError(
    `${start} holds no factory: a factory is a folder with pipeline/ or factory.yaml, or an ARM template`,
  )
}

async function filesBelow(root: string): Promise<string[]> {
  const paths: string[] = []
  const waiting = ['']
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      if (isSkipped(entry.name)) continue
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      // Links are followed: a mounted ConfigMap is made of them.
      const found = await stat(join(root, path))
      if (found.isDirectory()) {
        if (path.split('/').length > deepest)
          throw new DefinitionError(`${path} is more than ${deepest} folders deep; does a link lead back up?`)
        waiting.push(path)
      } else if (found.isFile()) {
        const { size } = found
        if (size > fileLimit)
          throw new DefinitionError(`${path} has ${size} bytes; a file of a factory has at most ${fileLimit}`)
        paths.push(path)
        if (paths.length > filesLimit)
          throw new DefinitionError(
            `${root} holds more than ${filesLimit} files; give the folder of the factory only`,
          )
      }
    }
  }
  return paths.sort()
}

function isFolder(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isSymbolicLink()
}

function isSkipped(name: string): boolean {
  return name.startsWith('.') || skipped.has(name)
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
