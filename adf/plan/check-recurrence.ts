import { findZone } from '../expression/time/zone.ts'
import { show } from '../resource/fields.ts'
import type { Recurrence } from '../resource/trigger.ts'
import type { Path } from '../text/positions.ts'
import type { FileIssues } from './file-issues.ts'

/** Rules between the properties of a recurrence. ADF refuses the same combinations when a trigger is activated. */
export function checkRecurrence(recurrence: Recurrence, path: Path, issues: FileIssues): void {
  const { frequency, schedule, startTime, endTime, timeZone } = recurrence
  if (schedule?.weekDays !== undefined && frequency !== 'Week')
    issues.report(
      [...path, 'schedule', 'weekDays'],
      `works only with frequency Week; frequency is ${frequency}`,
    )
  if (schedule?.monthDays !== undefined && frequency !== 'Month')
    issues.report(
      [...path, 'schedule', 'monthDays'],
      `works only with frequency Month; frequency is ${frequency}`,
    )
  if (schedule?.monthlyOccurrences !== undefined && frequency !== 'Month')
    issues.report(
      [...path, 'schedule', 'monthlyOccurrences'],
      `works only with frequency Month; frequency is ${frequency}`,
    )
  schedule?.monthDays?.forEach((day, index) => {
    if (day === 0)
      issues.report([...path, 'schedule', 'monthDays', index], 'must be 1 to 31, or -1 to -31; it is 0')
  })
  schedule?.monthlyOccurrences?.forEach(({ occurrence }, index) => {
    if (occurrence === 0)
      issues.report(
        [...path, 'schedule', 'monthlyOccurrences', index, 'occurrence'],
        'must be 1 to 5, or -1 to -5; it is 0',
      )
  })
  if (startTime !== undefined && endTime !== undefined && Date.parse(endTime) <= Date.parse(startTime))
    issues.report([...path, 'endTime'], `must be after startTime ${startTime}; it is ${endTime}`)
  if (findZone(timeZone) === null)
    issues.report(
      [...path, 'timeZone'],
      `${show(timeZone)} is not a time zone; write a Windows name (W. Europe Standard Time) or an IANA name (Europe/Berlin)`,
    )
  if (timeZone.toUpperCase() !== 'UTC' && startTime?.endsWith('Z') === true)
    issues.report(
      [...path, 'startTime'],
      `ends in Z, which makes it UTC whatever timeZone ${show(timeZone)} says; take the Z away to mean local time`,
      'warning',
    )
}
