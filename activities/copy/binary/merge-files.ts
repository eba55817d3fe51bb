import { Readable, Transform } from 'node:stream'
import type { FileStore } from '../../../stores/file-store.ts'
import type { SelectedFile } from '../files/select-files.ts'
import type { WholeCompression } from './binary-form.ts'
import { piped } from './transfer.ts'

/** Writes all files, one behind the other in path order, into one. */
export async function mergeFiles(input: {
  readonly from: FileStore
  readonly to: FileStore
  readonly files: readonly SelectedFile[]
  readonly forms: { readonly read: WholeCompression | null; readonly write: WholeCompression | null }
  readonly path: string
  readonly signal: AbortSignal
}): Promise<{ readonly read: number; readonly written: number }> {
  const { from, to, files, forms, path, signal } = input
  let read = 0
  async function* content(): AsyncGenerator<Uint8Array> {
    for (const file of files) {
      const counted = new Transform({
        transform(chunk: Uint8Array, _encoding, done) {
          read += chunk.length
          done(null, chunk)
        },
      })
      const steps = forms.read === null ? [counted] : [counted, forms.read.read()]
      for await (const chunk of piped(await from.read(file.path), steps, signal)) yield chunk as Uint8Array
    }
  }
  const all = Readable.from(content(), { objectMode: false })
  const { bytes } = await to.write(
    path,
    forms.write === null ? all : piped(all, [forms.write.write()], signal),
  )
  return { read, written: bytes }
}
