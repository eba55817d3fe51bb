import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SourceFile } from '../../../activities/gelsight/batch-files.ts'
import { bronzePaths } from '../../../activities/gelsight/bronze-layout.ts'
import { groupFiles } from '../../../activities/gelsight/group-files.ts'
import { contentHash } from '../../../activities/gelsight/scan-identity.ts'

function file(path: string): SourceFile {
  return { path, size: 1, modified: '2026-01-01T00:00:00Z', problem: null, zip: null, object: null }
}

const name = fc.constantFrom(
  'scan.yaml',
  'a.png',
  'images',
  'part.tmd',
  'Calib-1.yaml',
  'x',
  'scancontext.yaml',
  'B',
)
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'))
const drop = fc.uniqueArray(path, { maxLength: 20 })

describe('grouping', () => {
  it('puts every file in one place, in whatever order they come', () => {
    fc.assert(
      fc.property(drop, fc.integer(), (paths, seed) => {
        const grouped = groupFiles(paths.map(file))
        const inScans = grouped.scans.flatMap(({ folder, files }) =>
          files.map((one) => (folder === '' ? one.path : `${folder}/${one.path}`)),
        )
        const outside = [...grouped.yaml, ...grouped.others].map((one) => one.path)
        const noted = grouped.notes.map((note) => note.split(' ')[0])
        expect(new Set([...inScans, ...outside, ...noted])).toEqual(new Set(paths))
        expect(inScans.length + outside.length + noted.length).toBe(paths.length)
        const shuffled = [...paths].sort((a, b) => hash(a, seed) - hash(b, seed))
        expect(groupFiles(shuffled.map(file)).scans).toEqual(grouped.scans)
      }),
    )
  })

  it('gives every file of a scan a place of its own that no other needs as a folder', () => {
    fc.assert(
      fc.property(drop, (paths) => {
        for (const scan of groupFiles(paths.map(file)).scans) {
          if (scan.problem !== null) continue
          const places = [...bronzePaths(scan.files.map((one) => one.path)).values()]
          expect(new Set(places).size).toBe(places.length)
          for (const one of places) expect(places.some((other) => other.startsWith(`${one}/`))).toBe(false)
        }
      }),
    )
  })
})

it('the hash of a content does not depend on the order of its files', () => {
  fc.assert(
    fc.property(drop, fc.integer(), (paths, seed) => {
      const files = paths.map((one) => ({ path: one, sha256: `${hash(one, 0)}` }))
      const shuffled = [...files].sort((a, b) => hash(a.path, seed) - hash(b.path, seed))
      expect(contentHash(shuffled)).toBe(contentHash(files))
    }),
  )
})

function hash(text: string, seed: number): number {
  let value = seed
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193)
  return value
}
