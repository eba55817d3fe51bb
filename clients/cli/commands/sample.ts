import { defineCommand, type Option } from '../command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { jsonOption } from '../options.ts'
import { bytesText, countText } from '../quantity.ts'
import { inboxOf } from './up.ts'

const number = (value: string, help: string) => ({ type: 'string', value, help }) as const satisfies Option

export const sample = defineCommand({
  description:
    'Realistic drops in the formats of the scanners: five routines, several devices, operators, gels and calibrations. ' +
    'The same options make the same bytes.',
  positionals: [],
  options: {
    scans: number('count', 'Scans in all (default 25)'),
    width: number('pixels', 'Width of a picture, 16 to 2472 (default 64)'),
    seed: number('number', 'Another seed makes other scans (default 1)'),
    days: number('count', 'Days over which the scans are spread (default 10)'),
    start: number('date', 'First day (default 2026-01-05)'),
    bad: number('share', 'Share of scans with a flaw, 0 to 1 (default 0)'),
    'scans-per-drop': number('count', 'Scans in one ZIP (default 25)'),
    'folder-every': number('count', 'Every n-th drop is a plain folder; 0: none (default 0)'),
    out: { type: 'string', value: 'folder', help: 'Where the drops go (default: the inbox)' },
    ...jsonOption,
  },
  examples: [
    { command: 'headrace sample', does: '25 scans with thumbnails' },
    { command: 'headrace sample --scans 200 --bad 0.1', does: 'twenty of them with a flaw' },
    { command: 'headrace sample --scans 5 --width 2472', does: 'full size, as the sensor gives it' },
  ],
  async run({ values, settings, terminal }) {
    const { makeSamples } = await import('../../../formats/gelsight/make/samples.ts')
    const folder = values.out ?? inboxOf(settings)
    const options = {
      folder,
      scans: numberOf('scans', values.scans, 25, 1),
      width: numberOf('width', values.width, 64, 16, 2472),
      seed: numberOf('seed', values.seed, 1, 0),
      days: numberOf('days', values.days, 10, 1),
      bad: numberOf('bad', values.bad, 0, 0, 1),
      scansPerDrop: numberOf('scans-per-drop', values['scans-per-drop'], 25, 1),
      folderEvery: numberOf('folder-every', values['folder-every'], 0, 0),
      ...(values.start === undefined ? {} : { start: dateOf('start', values.start) }),
    }
    const report = await makeSamples({
      ...options,
      onProgress: (done, total, bytes) =>
        terminal.live([`${countText(done)} of ${countText(total)} scans, ${bytesText(bytes)}`]),
    })
    terminal.live([])
    if (values.json) terminal.json(report)
    else {
      terminal.print(
        `${countText(report.scans.length)} scans in ${report.drops.length} drops (${bytesText(report.bytes)}) in ${folder}`,
      )
      for (const one of report.bad) terminal.print(`  flaw  ${one.drop}  ${one.place}: ${one.description}`)
    }
    return exitCodes.ok
  },
})

function numberOf(
  name: string,
  text: string | undefined,
  otherwise: number,
  least: number,
  most = 1e9,
): number {
  const value = text === undefined ? otherwise : Number(text)
  const whole = name === 'bad' || Number.isInteger(value)
  if (whole && value >= least && value <= most) return value
  const kind = name === 'bad' ? 'a number' : 'a whole number'
  throw new UsageError(
    `--${name} is ${JSON.stringify(text)}; allowed: ${kind} from ${least}${most < 1e9 ? ` to ${most}` : ''}`,
  )
}

function dateOf(name: string, text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text
  throw new UsageError(`--${name} is ${JSON.stringify(text)}; allowed: a date such as 2026-01-05`)
}
