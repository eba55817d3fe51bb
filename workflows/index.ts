import './stack-traces.ts'

/** What the workflow bundle holds. The default export runs every workflow type without an export of its own: any pipeline's name. */
export { loopLane } from './loop-lane.ts'
export { runPipeline as default } from './pipeline-run.ts'
export { tryLane } from './try-lane.ts'
