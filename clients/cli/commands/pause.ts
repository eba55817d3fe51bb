import { pauseSignal } from '../../../adf/run/status.ts'
import { signalCommand } from '../signal-command.ts'

export const pause = signalCommand({
  name: 'pause',
  signal: pauseSignal,
  description: 'Activities that run go on; none is started until `headrace resume`.',
  done: 'pauses before its next activity; let it go on with: headrace resume',
})
