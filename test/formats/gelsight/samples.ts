import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Real scans and calibrations; they lie outside the repository and are only read. */
export const samples = join(import.meta.dirname, '../../../../shared/samples/gelsight')
export const haveSamples = existsSync(samples)
export const whyNot = haveSamples ? '' : ` (skipped: real samples are not at ${samples})`
