import { readOrc } from '../../../formats/orc/read-orc.ts'
import { stagedFormat } from './staged-format.ts'

/** Read only, as in the list of formats that Copy has to read; its compression stands in the file. */
export const orcFormat = stagedFormat(
  'Orc',
  () => null,
  ({ path }) => readOrc(path),
)
