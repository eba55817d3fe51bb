import { DefinitionError } from '../../adf/errors.ts'
import type { JsonObject, JsonValue } from '../../adf/json.ts'
import type { ResolvedLinkedService } from '../../adf/run/run.ts'
import { shown } from '../web/call.ts'

/** ADF's linked service → the cluster part of a task of the Jobs API. */
export function clusterOf(service: ResolvedLinkedService): JsonObject {
  const given = service.typeProperties
  const { existingClusterId } = given
  if (typeof existingClusterId === 'string') return { existing_cluster_id: existingClusterId }
  const { newClusterVersion, instancePoolId } = given
  if (typeof newClusterVersion !== 'string')
    throw new DefinitionError(
      `linked service '${service.name}' names no cluster: it needs existingClusterId, or newClusterVersion with newClusterNodeType or instancePoolId`,
    )
  return {
    new_cluster: present({
      spark_version: newClusterVersion,
      node_type_id: given['newClusterNodeType'],
      driver_node_type_id: given['newClusterDriverNodeType'],
      instance_pool_id: instancePoolId,
      spark_conf: given['newClusterSparkConf'],
      spark_env_vars: given['newClusterSparkEnvVars'],
      custom_tags: given['newClusterCustomTags'],
      init_scripts: initScripts(given['newClusterInitScripts']),
      enable_elastic_disk: given['newClusterEnableElasticDisk'],
      policy_id: given['policyId'],
      data_security_mode: given['dataSecurityMode'],
      ...workers(given['newClusterNumOfWorker'], service.name),
    }),
  }
}

/** ADF writes a fixed number or a range: `4`, `2:8`. */
function workers(value: JsonValue | undefined, service: string): JsonObject {
  const text = value === undefined ? '1' : shown(value)
  const [least, most] = text.split(':').map(Number)
  if (least === undefined || [least, most ?? least].some((one) => !Number.isInteger(one)))
    throw new DefinitionError(
      `linked service '${service}' has newClusterNumOfWorker ${JSON.stringify(value)}; it must be a number such as 4 or a range such as 2:8`,
    )
  return most === undefined
    ? { num_workers: least }
    : { autoscale: { min_workers: least, max_workers: most } }
}

function initScripts(value: JsonValue | undefined): JsonValue | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((path): JsonObject =>
    typeof path === 'string' && path.startsWith('dbfs:')
      ? { dbfs: { destination: path } }
      : { workspace: { destination: path } },
  )
}

function present(given: Readonly<Record<string, JsonValue | undefined>>): JsonObject {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  )
}
