import type { Options } from './command.ts'

/** Every command has these. */
export const everywhere = {
  home: {
    type: 'string',
    value: 'folder',
    help: 'Folder with all state of the installation (default .headrace)',
    variable: 'HEADRACE_HOME',
  },
  help: { type: 'boolean', short: 'h', help: 'Print this help' },
} as const satisfies Options

/** For commands that talk to Temporal. */
export const connectionOptions = {
  address: {
    type: 'string',
    value: 'host:port',
    help: "Temporal server (default: that of the home's `headrace up`)",
    variable: 'HEADRACE_TEMPORAL_ADDRESS',
  },
  namespace: {
    type: 'string',
    value: 'name',
    help: 'Temporal namespace (default default)',
    variable: 'HEADRACE_TEMPORAL_NAMESPACE',
  },
} as const satisfies Options

/** For commands that start runs or read definitions. */
export const factoryOptions = {
  factory: {
    type: 'string',
    value: 'folder',
    help: "Factory folder or ARM template (default: Headrace's own factories/gelsight)",
    variable: 'HEADRACE_FACTORY',
  },
  env: {
    type: 'string',
    value: 'name',
    help: 'Environment of the factory (default dev)',
    variable: 'HEADRACE_ENVIRONMENT',
  },
} as const satisfies Options

export const jsonOption = {
  json: { type: 'boolean', help: 'Print JSON for programs' },
} as const satisfies Options
