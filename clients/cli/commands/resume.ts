import { resumeSignal } from '../../../adf/run/status.ts'
import { signalCommand } from '../signal-command.ts'

export const resume = signalCommand({
  name: 'resume',
  signal: resumeSignal,
  description: 'A run that is not paused is left as it is.',
  done: 'goes on',
})
