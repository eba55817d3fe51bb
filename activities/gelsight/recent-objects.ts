import type { z } from 'zod'
import type { Lake } from '../../lake/lake.ts'
import { parseObject, textOf } from './batch-files.ts'

/** Characters of the objects that are kept; parsed they take several times as much memory. */
const keptCharacters = 2 ** 20

/** Reads objects of one kind, which are written once, and keeps the last ones: the rows of several tables come from the same objects. */
export class RecentObjects<S extends z.ZodType> {
  private readonly lake: Lake
  private readonly schema: S
  private readonly kept = new Map<string, { readonly characters: number; readonly value: z.output<S> }>()
  private characters = 0

  constructor(lake: Lake, schema: S) {
    this.lake = lake
    this.schema = schema
  }

  async read(path: string): Promise<z.output<S>> {
    const known = this.kept.get(path)
    if (known !== undefined) return known.value
    const text = await textOf(this.lake, path)
    const value = parseObject(text, path, this.schema)
    this.kept.set(path, { characters: text.length, value })
    this.characters += text.length
    for (const [oldest, { characters }] of this.kept) {
      if (this.characters <= keptCharacters) break
      this.kept.delete(oldest)
      this.characters -= characters
    }
    return value
  }
}
