/**
 * The SDK takes a stack trace of every promise of a workflow and looks each frame up in the source map, for the query `__stack_trace`.
 * That was most of what the interpreter cost: an activity of a pipeline takes some fifteen promises. One frame is what an error of
 * the engine needs to be found; where a run stands is told by its status. Set before the SDK freezes the sandbox's globals, see
 * `preloadModules` in workers/workflow-bundle.ts.
 */
Error.stackTraceLimit = 1

export {}
