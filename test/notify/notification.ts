import type { Notification } from '../../notify/notifier.ts'

export const notification: Notification = {
  deduplicationKey: '0123456789abcdef',
  severity: 'error',
  title: 'bronze_ingest failed',
  text: 'Two lines\nof \u001b[31mtext',
  factory: 'test',
  environment: 'dev',
  pipeline: 'bronze_ingest',
  runId: 'run-1',
  batch: 'b1',
  activity: 'Ingest scans',
  error: 'disk full',
  input: { chunk: 3 },
  runLink: 'http://127.0.0.1:8233/namespaces/default/workflows/bronze_ingest%2Fb1/run-1/history',
  triggerTime: '2026-11-21T09:30:00.0000000Z',
}
