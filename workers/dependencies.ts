import type { Dependencies } from '../activities/activity.ts'
import { readSecret } from '../config/secrets.ts'
import type { Settings } from '../config/settings.ts'
import { readVaultSecret } from '../config/vault.ts'
import type { Lake } from '../lake/lake.ts'
import { consoleNotifier } from '../notify/console.ts'
import type { Notifier } from '../notify/notifier.ts'
import { outboxNotifier } from '../notify/outbox.ts'
import { webhookNotifier } from '../notify/webhook.ts'
import { createStores } from '../stores/open-store.ts'
import { createSecrets } from '../stores/secrets.ts'
import { openDuckDb } from '../tables/duckdb/open.ts'
import { openSqliteWarehouse } from '../warehouse/sqlite/sqlite-warehouse.ts'
import { ownSpillFolder } from './spill-folder.ts'

/** Opens what activities work with, as the settings say; `close` ends it. */
export async function openDependencies(
  settings: Settings,
  lake: Lake,
  callbackUrl: string | null = null,
): Promise<{ dependencies: Dependencies; close: () => Promise<void> }> {
  const { home, duckdbMemory, duckdbThreads, scanTimeZone, temporalUi, temporalNamespace, zip } = settings
  const warehouse = await openSqliteWarehouse(home.warehouse)
  const duckdb = await openDuckDb({
    spillFolder: await ownSpillFolder(home.duckdb),
    memoryLimit: duckdbMemory,
    threads: duckdbThreads,
  })
  const secrets = createSecrets((secret) => readVaultSecret(home.secrets, secret))
  const stores = createStores({
    lake,
    secrets,
    settings: {
      folder: home.stores,
      localFolders: settings.localFolders,
      entraAuthority: settings.entraAuthority,
    },
  })
  const ui = temporalUi === null ? null : `${temporalUi}/namespaces/${temporalNamespace}`
  return {
    dependencies: {
      lake,
      duckdb,
      warehouse,
      notifiers: notifiersOf(settings),
      settings: { scanTimeZone, temporalUi: ui, zip, entraAuthority: settings.entraAuthority, callbackUrl },
      secrets,
      stores,
    },
    close: async () => {
      await stores.close()
      await duckdb.close()
      await warehouse.close()
    },
  }
}

function notifiersOf(settings: Settings): Notifier[] {
  const { webhook, home } = settings
  const always = [consoleNotifier(), outboxNotifier(home.outbox)]
  return webhook === null ? always : [...always, webhookNotifier({ url: () => readSecret(webhook) })]
}
