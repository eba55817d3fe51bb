/** Names of ADF's language as its documentation has them; whether they run here is told by the tables that run them. */

export const documentedFunctions = `
concat endsWith guid indexOf lastIndexOf replace split startsWith substring toLower toUpper trim
contains empty first intersection join last length skip take union
and equals greater greaterOrEquals if less lessOrEquals not or
array base64 base64ToBinary base64ToString binary bool coalesce createArray dataUri dataUriToBinary dataUriToString
decodeBase64 decodeDataUri decodeUriComponent encodeUriComponent float int json string uriComponent uriComponentToBinary
uriComponentToString xml xpath
add div max min mod mul rand range sub
addDays addHours addMinutes addSeconds addToTime convertFromUtc convertTimeZone convertToUtc dayOfMonth dayOfWeek dayOfYear
formatDateTime getFutureTime getPastTime startOfDay startOfHour startOfMonth subtractFromTime ticks utcNow
pipeline variables activity item dataset linkedService trigger triggerBody`
  .trim()
  .split(/\s+/)

/** Known to Microsoft's evaluator, not documented for ADF. */
export const undocumentedFunctions = `
nthIndexOf slice sort reverse chunk isInt isFloat formatNumber decimal dateDifference parseDateTime
setProperty addProperty removeProperty uriHost uriPath uriPort uriQuery uriScheme uriPathAndQuery`
  .trim()
  .split(/\s+/)

export const pipelineSystemVariables = [
  'DataFactory',
  'Pipeline',
  'RunId',
  'TriggerType',
  'TriggerId',
  'TriggerName',
  'TriggerTime',
  'GroupId',
  'TriggeredByPipelineName',
  'TriggeredByPipelineRunId',
]

/** What the parameters of a trigger may read, by the type of the trigger that gives it. */
export const triggerSystemVariables: Readonly<Record<string, readonly string[]>> = {
  ScheduleTrigger: ['trigger().scheduledTime', 'trigger().startTime'],
  TumblingWindowTrigger: [
    'trigger().outputs.windowStartTime',
    'trigger().outputs.windowEndTime',
    'trigger().scheduledTime',
    'trigger().startTime',
  ],
  BlobEventsTrigger: [
    'triggerBody().fileName',
    'triggerBody().folderPath',
    'trigger().outputs.body.fileName',
    'trigger().outputs.body.folderPath',
    'trigger().startTime',
  ],
  CustomEventsTrigger: [
    'triggerBody().event.eventType',
    'triggerBody().event.subject',
    'triggerBody().event.data.<key>',
    'trigger().outputs.body.event.<key>',
    'trigger().startTime',
  ],
}

const started = ['description', 'annotations', 'runtimeState', 'pipelines', 'pipelines.parameters']
const startedOne = ['description', 'annotations', 'runtimeState', 'pipeline', 'pipeline.parameters']

/** Properties by type of trigger; those of typeProperties with `typeProperties.` left out. */
export const triggers: Readonly<Record<string, readonly string[]>> = {
  ScheduleTrigger: [
    ...started,
    ...['frequency', 'interval', 'startTime', 'endTime', 'timeZone'].map((one) => `recurrence.${one}`),
    ...['minutes', 'hours', 'weekDays', 'monthDays', 'monthlyOccurrences'].map(
      (one) => `recurrence.schedule.${one}`,
    ),
  ],
  TumblingWindowTrigger: [
    ...startedOne,
    'frequency',
    'interval',
    'startTime',
    'endTime',
    'delay',
    'maxConcurrency',
    'retryPolicy.count',
    'retryPolicy.intervalInSeconds',
    'dependsOn',
  ],
  BlobEventsTrigger: [
    ...started,
    'scope',
    'events',
    'blobPathBeginsWith',
    'blobPathEndsWith',
    'ignoreEmptyBlobs',
  ],
  CustomEventsTrigger: [...started, 'scope', 'events', 'subjectBeginsWith', 'subjectEndsWith'],
  ChainingTrigger: [...startedOne, 'dependsOn', 'runDimension'],
  BlobTrigger: [...started, 'folderPath', 'maxConcurrency', 'linkedService'],
  RerunTumblingWindowTrigger: ['parentTrigger', 'requestedStartTime', 'requestedEndTime', 'rerunConcurrency'],
}

export const pipelineProperties = [
  'description',
  'activities',
  'parameters',
  'variables',
  'concurrency',
  'annotations',
  'folder',
  'policy',
  'runDimensions',
  'lastPublishTime',
]

export const activityProperties = [
  'name',
  'type',
  'description',
  'dependsOn',
  'userProperties',
  'state',
  'onInactiveMarkAs',
  'policy.timeout',
  'policy.retry',
  'policy.retryIntervalInSeconds',
  'policy.secureInput',
  'policy.secureOutput',
  'linkedServiceName',
  'inputs',
  'outputs',
  'typeProperties',
]
