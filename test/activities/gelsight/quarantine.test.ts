import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openBronze, type Bronze } from './bronze-run.ts'
import { guidA, guidB, scanFiles } from './scan-files.ts'

async function reasonOf(bronze: Bronze, folder: string): Promise<{ reason: string; lost: string[] }> {
  return JSON.parse(await bronze.fixture.lake.readText(`bronze/quarantine/${folder}/reason.json`))
}

/** Changes a name inside a ZIP of the inbox; both have the same length. */
async function rename(bronze: Bronze, zip: string, from: string, to: string): Promise<void> {
  const bytes = await bronze.fixture.lake.readBytes(`inbox/${zip}`)
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at, 'latin1')
  await bronze.putFile(zip, bytes)
}

describe('a drop that cannot be read', () => {
  it('goes to quarantine with its reason and its bytes; the others are ingested', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('broken.zip', scanFiles('A', { guid: guidB }))
    await truncate(join(bronze.fixture.root, 'inbox/broken.zip'), 500)
    await bronze.putFile('text.zip', 'this is no archive')
    await bronze.putFile('notes.txt', 'hello')
    await bronze.putZip('empty.zip', { 'Reports/a.pdf': 'x' })
    await bronze.putFile('pictures/a.png', 'x')
    await bronze.putZip('good.zip', scanFiles('A'))
    const before = await bronze.objects('inbox')
    const outputs = await bronze.ingest('b1')
    expect(outputs).toMatchObject({
      FindScans: { scanCount: 1, quarantined: 5 },
      'IngestScans 0': { committed: 1 },
      ArchiveInbox: { archived: 6, kept: 0 },
    })
    const quarantine = 'bronze/quarantine/b1'
    expect(await bronze.objects(quarantine)).toMatchObject({
      [`${quarantine}/broken.zip/bytes/broken.zip`]: before['inbox/broken.zip'],
      [`${quarantine}/empty.zip/bytes/empty.zip`]: before['inbox/empty.zip'],
      [`${quarantine}/notes.txt/bytes/notes.txt`]: before['inbox/notes.txt'],
      [`${quarantine}/pictures/bytes/a.png`]: before['inbox/pictures/a.png'],
    })
    const log = await bronze.rows('ingestion_log')
    const failed = log.filter((row) => row['parse_status'] === 'FAILED')
    const reasons = Object.fromEntries(
      failed.map((row) => [String(row['source_path']), String(row['error_message'])]),
    )
    expect(reasons).toEqual({
      'inbox/broken.zip': expect.stringMatching(/^inbox\/broken\.zip is no readable ZIP: /),
      'inbox/empty.zip': 'inbox/empty.zip holds no scan.yaml and no calibration',
      'inbox/notes.txt':
        'inbox/notes.txt is neither a ZIP nor a calibration; put the files of a scan into a folder of their own',
      'inbox/pictures': 'inbox/pictures holds no scan.yaml and no calibration',
      'inbox/text.zip': expect.stringMatching(/^inbox\/text\.zip is no readable ZIP: /),
    })
  })

  it('by hostile names writes nothing outside of quarantine', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('evil.zip', { ...scanFiles('A'), 'xx/xx/xx/evil': 'x' })
    await rename(bronze, 'evil.zip', 'xx/xx/xx/evil', '../../../evil')
    expect(await bronze.ingest('b1')).toMatchObject({ FindScans: { scanCount: 0, quarantined: 1 } })
    expect((await reasonOf(bronze, 'b1/evil.zip')).reason).toBe(
      'inbox/evil.zip is hostile: "../../../evil" leads out of the archive by ".."',
    )
    expect(await bronze.objects('bronze/scans')).toEqual({})
  })
})

describe('a scan that cannot be read', () => {
  const scanYaml = (content: string | Buffer) => ({
    ...scanFiles('Bad', { guid: guidB }),
    'Bad/scan.yaml': content,
  })

  it.each([
    ['broken YAML', scanYaml('a: [1'), /^scan\.yaml:\d is not readable YAML: /, []],
    ['an empty scan.yaml', scanYaml(''), /^scan\.yaml is not readable YAML: /, []],
    ['a list', scanYaml('- a'), /^scan\.yaml holds a list/, []],
    [
      'a file twice',
      { ...scanFiles('Bad'), 'Bad/IMAGE01.png': 'x' },
      /^image01\.png is there twice$/i,
      [expect.stringMatching(/image01/i)],
    ],
    [
      'a name that is a file and a folder',
      { ...scanFiles('Bad'), 'Bad/notes': 'x', 'Bad/notes/inner.txt': 'y' },
      /^notes is a file and a folder at once$/,
      ['notes'],
    ],
  ])('for %s goes to quarantine; the rest of its drop is ingested', async (_title, bad, reason, lost) => {
    await using bronze = await openBronze()
    await bronze.putZip('drop.zip', { ...bad, ...scanFiles('Good') })
    const outputs = await bronze.ingest('b1')
    expect(outputs).toMatchObject({
      FindScans: { scanCount: 2, quarantined: 0 },
      'IngestScans 0': { committed: 1, quarantined: 1 },
      IngestCalibrations: { calibrations: 1, committed: 1 },
      ArchiveInbox: { archived: 1 },
    })
    const found = await reasonOf(bronze, 'b1/drop.zip/Bad')
    expect(found.reason).toMatch(reason)
    expect(found.lost).toEqual(lost)
    const kept = Object.keys(await bronze.objects('bronze/quarantine/b1/drop.zip/Bad/bytes'))
    expect(kept).toContain('bronze/quarantine/b1/drop.zip/Bad/bytes/scan.yaml')
    expect(kept).toContain('bronze/quarantine/b1/drop.zip/Bad/bytes/part.tmd')
    expect((await bronze.rows('scans')).map((row) => row['scan_id'])).toEqual([guidA])
    expect(await bronze.rows('ingestion_log')).toContainEqual(
      expect.objectContaining({
        source_path: 'inbox/drop.zip/Bad',
        parse_status: 'FAILED',
        outcome: 'quarantined',
        error_message: found.reason,
        target_path_bronze: 'bronze/quarantine/b1/drop.zip/Bad',
      }),
    )
  })

  it('for a damaged entry keeps the files that can be read', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('drop.zip', { ...scanFiles('A'), 'A/notes.bin': 'some bytes that are packed' })
    const bytes = await bronze.fixture.lake.readBytes('inbox/drop.zip')
    const at = bytes.indexOf('A/notes.bin') + 'A/notes.bin'.length
    bytes.writeUInt8(0xff, at)
    await bronze.putFile('drop.zip', bytes)
    expect((await bronze.ingest('b1'))['IngestScans 0']).toMatchObject({ quarantined: 1 })
    const { reason, lost } = await reasonOf(bronze, 'b1/drop.zip/A')
    expect(reason).toMatch(/^inbox\/drop\.zip: notes\.bin is damaged: /)
    expect(lost).toEqual(['notes.bin'])
    expect(Object.keys(await bronze.objects('bronze/quarantine/b1/drop.zip/A/bytes'))).toHaveLength(7)
    expect(await bronze.rows('ingestion_log')).toMatchObject([{ scan_id: guidA, outcome: 'quarantined' }])
  })
})

it('a calibration that cannot be read goes to quarantine and is a finding', async () => {
  await using bronze = await openBronze()
  await bronze.putFile('Calib-2.yaml', 'linfit: [')
  await bronze.putZip('drop.zip', { ...scanFiles('A'), 'A/Calib-1.yaml': 'a: [' })
  const outputs = await bronze.ingest('b1')
  expect(outputs).toMatchObject({
    'IngestScans 0': { committed: 1, partial: 1 },
    IngestCalibrations: { committed: 0, quarantined: 1 },
    ValidateBronze: { byRule: { 'calibration.readable': 2 } },
    ArchiveInbox: { archived: 2 },
  })
})

describe('the inbox', () => {
  it('keeps what is being written and what systems leave', async () => {
    await using bronze = await openBronze()
    const left = ['.DS_Store', 'Thumbs.db', 'drop.zip.part', '~$notes.docx', 'A/.hidden']
    for (const path of left) await bronze.putFile(path, 'x')
    expect(await bronze.ingest('b1')).toMatchObject({
      FindScans: { scanCount: 0, quarantined: 0, fileCount: 0 },
    })
    expect(Object.keys(await bronze.objects('inbox'))).toHaveLength(left.length)
  })

  it('keeps a drop that was replaced after it was found, and logs its scans as missing', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('drop.zip', scanFiles('A'))
    await bronze.putZip('same.zip', scanFiles('B', { guid: guidB }))
    const { findScans } = await import('../../../activities/gelsight/find-scans.ts')
    await bronze.call(findScans, { source: 'inbox', batch: 'b1', chunkSize: 25 })
    await bronze.putZip('drop.zip', scanFiles('A', { diameter: '9 mm' }))
    const outputs = await bronze.ingest('b1')
    expect(outputs).toMatchObject({
      'IngestScans 0': { committed: 1, missing: 1 },
      ArchiveInbox: {
        archived: 1,
        kept: 1,
        keptFiles: ['inbox/drop.zip: not all of it is committed or quarantined'],
      },
    })
    expect(await bronze.ingest('b2')).toMatchObject({
      'IngestScans 0': { committed: 1 },
      ArchiveInbox: { archived: 1 },
    })
    expect((await bronze.rows('measurements')).map((row) => row['value'])).toContain(9)
  })

  it('may be any folder of the lake, with or without a slash at its end', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('today/drop.zip', scanFiles('A'))
    const { findScans } = await import('../../../activities/gelsight/find-scans.ts')
    const find = (source: string) =>
      bronze.call(findScans, { source, batch: `b${source.length}`, chunkSize: 25 })
    expect(await find('inbox/today/')).toMatchObject({ scanCount: 1 })
    expect(await find('inbox/tomorrow')).toMatchObject({ scanCount: 0, chunks: [] })
    await expect(find('../etc')).rejects.toMatchObject({ name: 'DefinitionError' })
  })

  it('that loses a broken drop before it is copied does not stop the batch', async () => {
    await using bronze = await openBronze()
    await bronze.putFile('broken.zip', 'x')
    const { findScans } = await import('../../../activities/gelsight/find-scans.ts')
    const call = () => bronze.call(findScans, { source: 'inbox', batch: 'b1', chunkSize: 25 })
    await call()
    await bronze.fixture.lake.deleteFolder('bronze/quarantine')
    await bronze.fixture.lake.delete('inbox/broken.zip')
    await call()
    expect(await reasonOf(bronze, 'b1/broken.zip')).toMatchObject({ lost: ['broken.zip'] })
  })

  it('refuses a batch that cannot be a folder', async () => {
    await using bronze = await openBronze()
    await expect(bronze.ingest('a/../b')).rejects.toMatchObject({ name: 'DefinitionError' })
  })
})
