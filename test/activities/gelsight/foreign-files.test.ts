import { execFileSync } from 'node:child_process'
import { readdirSync, renameSync } from 'node:fs'
import { lstat, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBronze, type Bronze } from './bronze-run.ts'
import { scanFiles } from './scan-files.ts'

const guid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const fix = 'put a plain file of a plain name there instead'

let bronze: Bronze
let inbox: string
let outputs: Awaited<ReturnType<Bronze['ingest']>>
let log: Record<string, unknown>[]

async function putScan(folder: string, n: number): Promise<void> {
  for (const [path, content] of Object.entries(scanFiles(folder, { guid: guid(n) })))
    await bronze.putFile(path, content)
}

beforeAll(async () => {
  bronze = await openBronze()
  inbox = join(bronze.fixture.root, 'inbox')
  await bronze.putZip('good.zip', scanFiles('A'))
  await symlink('/etc', join(inbox, 'etc'))
  await symlink('..', join(inbox, 'loop'))
  await symlink('/nowhere', join(inbox, 'dangling.zip'))
  await symlink('/etc/passwd', join(inbox, 'passwd.zip'))
  execFileSync('mkfifo', [join(inbox, 'pipe.zip')])
  await bronze.putFile('Drop\\Scan\\scan.yaml', 'x')
  await bronze.putFile('a\u001b[31m.zip', 'x')
  await bronze.putFile('latin.zip', 'x')
  renameSync(join(inbox, 'latin.zip'), Buffer.concat([Buffer.from(`${inbox}/M`), Buffer.from([0xfc, 0x2e])]))
  await bronze.putFile('M\ufffdller.txt', 'x')
  await symlink('/etc', join(inbox, '.hidden'))
  await putScan('linked', 1)
  await symlink('/etc/passwd', join(inbox, 'linked/extra.txt'))
  await putScan('inner/one', 2)
  await symlink('/etc/passwd', join(inbox, 'inner/note.txt'))
  await putScan('mapped', 3)
  await mkdir(join(inbox, 'only'))
  await symlink('/etc/passwd', join(inbox, 'only/link'))
  outputs = await bronze.ingest('b1')
  log = await bronze.rows('ingestion_log')
})
afterAll(() => bronze[Symbol.asyncDispose]())

const foreign = [
  ['inbox/etc', 'is a symbolic link'],
  ['inbox/loop', 'is a symbolic link'],
  ['inbox/dangling.zip', 'is a symbolic link'],
  ['inbox/passwd.zip', 'is a symbolic link'],
  ['inbox/only/link', 'is a symbolic link'],
  ['inbox/inner/note.txt', 'is a symbolic link'],
  ['inbox/pipe.zip', 'is a device, a pipe or a socket'],
  ['inbox/Drop\\Scan\\scan.yaml', 'has a backslash in its name'],
  ['inbox/a\u001b[31m.zip', 'has a control character in its name'],
  ['inbox/M\ufffd.', 'has a name that is not UTF-8'],
] as const

describe('what the lake cannot read, in an inbox on disk', () => {
  it.each(foreign)('%j is in the log with its reason: %s', async (path, reason) => {
    const row = log.find((one) => one['source_path'] === path)
    expect(row).toMatchObject({
      parse_status: 'FAILED',
      outcome: 'quarantined',
      error_message: `${JSON.stringify(path)} ${reason}; ${fix}`,
    })
    const kept: unknown = JSON.parse(
      await bronze.fixture.lake.readText(`${String(row?.['target_path_bronze'])}/reason.json`),
    )
    expect(kept).toMatchObject({ source: path, lost: [] })
  })

  it('stays where it is, and the run says so', async () => {
    expect(outputs['ArchiveInbox']).toMatchObject({ kept: foreign.length })
    expect(JSON.stringify(outputs['ArchiveInbox'])).toContain('until then every batch names it')
    for (const name of ['etc', 'loop', 'dangling.zip', 'passwd.zip', 'only/link', 'Drop\\Scan\\scan.yaml'])
      await expect(lstat(join(inbox, name))).resolves.toBeDefined()
    expect(readdirSync(inbox)).not.toContain('good.zip')
  })

  it('is named again by the next batch, and by no row more than that', async () => {
    await bronze.ingest('b2')
    const again = (await bronze.rows('ingestion_log')).filter((row) => row['batch_id'] === 'b2')
    const link = 'inbox/linked/extra.txt'
    expect(again.map((row) => String(row['source_path'])).toSorted()).toEqual(
      [...foreign.map(([path]) => path), link].toSorted(),
    )
  })

  it('does not harm the drops beside it', () => {
    for (const path of ['inbox/good.zip/A', 'inbox/inner/one', 'inbox/mapped'])
      expect(log.find((row) => row['source_path'] === path)).toMatchObject({ outcome: 'committed' })
  })

  it('has its scan refused as a link in a ZIP does, with the other files kept', async () => {
    expect(log.find((row) => row['source_path'] === 'inbox/linked')).toMatchObject({
      outcome: 'quarantined',
      scan_id: guid(1),
      error_message: 'extra.txt is a symbolic link',
    })
    const kept = Object.keys(await bronze.objects('bronze/quarantine/b1/linked/bytes'))
    expect(kept).toContain('bronze/quarantine/b1/linked/bytes/scan.yaml')
    expect(kept.some((path) => path.includes('extra.txt'))).toBe(false)
  })

  it('is taken where its name only looks wrong', () => {
    expect(log.find((row) => row['source_path'] === 'inbox/M\ufffdller.txt')).toMatchObject({
      error_message: expect.stringMatching(/is neither a ZIP nor a calibration/),
    })
  })

  it('is left alone where it is hidden', () => {
    expect(log.some((row) => String(row['source_path']).includes('.hidden'))).toBe(false)
  })
})
