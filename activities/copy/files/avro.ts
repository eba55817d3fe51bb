import { readAvro } from '../../../formats/avro/read-avro.ts'
import { stagedFormat } from './staged-format.ts'

/** Read only, as in the list of formats that Copy has to read; its codec stands in the file. */
export const avroFormat = stagedFormat(
  'Avro',
  () => null,
  ({ path }) => readAvro(path),
)
