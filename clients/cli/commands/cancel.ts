import { cancelSignal } from '../../../adf/run/status.ts'
import { signalCommand } from '../signal-command.ts'

export const cancel = signalCommand({
  name: 'cancel',
  signal: cancelSignal,
  description:
    'Running activities are told through their heartbeats and end within seconds; what they committed stays.',
  done: 'is being cancelled; watch it with: headrace status',
})
