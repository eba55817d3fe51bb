import { describe, expect, it } from 'vitest'
import { findScans } from '../../../activities/gelsight/find-scans.ts'
import { ingestScans } from '../../../activities/gelsight/ingest-scans.ts'
import type { JsonValue } from '../../../adf/json.ts'
import { openBronze, type Bronze } from './bronze-run.ts'
import { calibration, guidA, scanFiles } from './scan-files.ts'

const tables = [
  'scans',
  'shapes',
  'measurements',
  'images',
  'heightmaps',
  'calibrations',
  'scan_calibrations',
  'validation_findings',
]

/** All rows, and the versions of all tables; ingestion_log without its real times. */
async function contentOf(bronze: Bronze): Promise<Record<string, unknown>> {
  const content: Record<string, unknown> = {}
  for (const table of tables) content[table] = await bronze.rows(table)
  content['ingestion_log'] = (await bronze.rows('ingestion_log')).map(
    ({ processing_start_time: _start, processing_end_time: _end, duration_seconds: _duration, ...row }) =>
      row,
  )
  return content
}

async function drop(bronze: Bronze): Promise<void> {
  const files: Record<string, string | Buffer> = {}
  for (let part = 0; part < 5; part += 1) {
    const guid = guidA.replace(/^.{8}/, `0000000${part}`)
    Object.assign(files, scanFiles(`Part ${part}`, { guid, diameter: `1.${part} mm` }))
  }
  files['Part 3/scan.yaml'] = 'broken: ['
  await bronze.putZip('drop.zip', files)
}

async function find(bronze: Bronze, batch: string): Promise<{ manifest: JsonValue; chunk: JsonValue }> {
  const found = await bronze.call(findScans, { source: 'inbox', batch, chunkSize: 25 })
  const scans = Number(found['scanCount'])
  return { manifest: found['manifest'] ?? '', chunk: { index: 0, offset: 0, count: scans } }
}

describe('a crash', () => {
  it.each([1, 2, 4, 5])('after %d scans of a chunk leaves no trace once it is repeated', async (scans) => {
    await using undisturbed = await openBronze()
    await using crashed = await openBronze()
    await drop(undisturbed)
    await drop(crashed)
    await undisturbed.ingest('b1')
    const work = await find(crashed, 'b1')
    await expect(crashed.call(ingestScans, work, { abortAfter: scans })).rejects.toThrow('the worker died')
    await crashed.ingest('b1')
    expect(await contentOf(crashed)).toEqual(await contentOf(undisturbed))
    const strip = (objects: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(objects).filter(
          ([path]) => !path.includes('/_batches/') && !path.includes('/_tables/'),
        ),
      )
    expect(strip(await crashed.objects('bronze'))).toEqual(strip(await undisturbed.objects('bronze')))
    expect((await crashed.fixture.lake.children('')).map(({ name }) => name)).not.toContain('_tmp')
  })

  it('in a chunk is resumed from the cursor: what it says is done is not begun again', async () => {
    const done: unknown[] = []
    const cursors: JsonValue[] = []
    await using bronze = await openBronze({
      onProgress: (progress) => done.push(progress.done),
      onCheckpoint: (cursor) => cursors.push(cursor),
    })
    await drop(bronze)
    const work = await find(bronze, 'b1')
    await expect(bronze.call(ingestScans, work, { abortAfter: 3 })).rejects.toThrow('the worker died')
    expect(cursors).toEqual([1, 2, 3])
    done.length = 0
    expect(await bronze.call(ingestScans, work, { cursor: 3 })).toMatchObject({ scans: 5, quarantined: 1 })
    expect(done).toEqual([4, 5])
  })

  it.each([
    ['that is ahead of the lake', 4, [3, 4, 5]],
    ['of no known form', { scan: 'Part 1' }, [1, 2, 3, 4, 5]],
  ])('with a cursor %s goes on from what the lake has', async (_, cursor, reports) => {
    const done: unknown[] = []
    await using bronze = await openBronze({ onProgress: (progress) => done.push(progress.done) })
    await drop(bronze)
    const work = await find(bronze, 'b1')
    await expect(bronze.call(ingestScans, work, { abortAfter: 2 })).rejects.toThrow('the worker died')
    done.length = 0
    expect(await bronze.call(ingestScans, work, { cursor })).toMatchObject({ scans: 5, quarantined: 1 })
    expect(done).toEqual(reports)
  })

  it('between the files of a scan leaves a folder that the same content completes', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('drop.zip', scanFiles('A'))
    await bronze.ingest('b1')
    const whole = await bronze.objects(`bronze/scans/${guidA}`)
    await using other = await openBronze()
    await other.putZip('drop.zip', scanFiles('A'))
    // What an attempt leaves that died after its first file.
    const claim = await bronze.fixture.lake.readText(`bronze/scans/${guidA}/content.json`)
    await other.fixture.lake.create(`bronze/scans/${guidA}/content.json`, claim)
    const image = scanFiles('A')['A/image01.png'] ?? ''
    await other.fixture.lake.create(`bronze/scans/${guidA}/images/image01.png`, Buffer.from(image))
    await other.ingest('b1')
    expect(await other.objects(`bronze/scans/${guidA}`)).toEqual(whole)
  })

  it('that left another content under the same guid is never mixed with this one', async () => {
    await using bronze = await openBronze()
    const lake = bronze.fixture.lake
    await lake.create(`bronze/scans/${guidA}/content.json`, '{"content_sha256":"another"}')
    await lake.create(`bronze/scans/${guidA}/images/image01.png`, 'of the other content')
    await bronze.putZip('drop.zip', scanFiles('A'))
    expect((await bronze.ingest('b1'))['IngestScans 0']).toMatchObject({ revisions: 1 })
    expect(await bronze.rows('scans')).toMatchObject([
      { revision: 1, bronze_path: `bronze/scans/${guidA}/revisions/1` },
    ])
    expect(await lake.stat(`bronze/scans/${guidA}/processing_log.json`)).toBeNull()
    expect(await lake.readText(`bronze/scans/${guidA}/images/image01.png`)).toBe('of the other content')
  })
})

describe('a batch that stopped with its rows in the tables', () => {
  it('is named by the next batch that brings its drops, and ends when it is run again', async () => {
    await using undisturbed = await openBronze()
    await drop(undisturbed)
    await undisturbed.putFile('late/Calib-9.yaml', calibration().replace('Calib-1', 'Calib-9'))
    expect((await undisturbed.ingest('b1'))['ArchiveInbox']).toMatchObject({ unfinished: [] })

    await using stopped = await openBronze()
    await drop(stopped)
    await stopped.putFile('late/Calib-9.yaml', calibration().replace('Calib-1', 'Calib-9'))
    await stopped.call(ingestScans, await find(stopped, 'b1'))
    expect((await stopped.ingest('b2'))['ArchiveInbox']).toMatchObject({ archived: 2, unfinished: ['b1'] })
    expect((await stopped.ingest('b1'))['ArchiveInbox']).toMatchObject({ unfinished: [] })
    expect((await stopped.ingest('b2'))['ArchiveInbox']).toMatchObject({ unfinished: [] })

    // The calibration that lay outside of scans came with the batch that took its drop.
    const whose = ({ batch_id: _batch, source_path: _source, ...row }: Record<string, unknown>) => row
    for (const table of tables.filter((name) => name !== 'validation_findings'))
      expect((await stopped.rows(table)).map(whose), table).toEqual(
        (await undisturbed.rows(table)).map(whose),
      )
    const ofScans = async (bronze: Bronze) =>
      (await bronze.rows('validation_findings')).filter((row) => row['scan_id'] !== null)
    expect(await ofScans(stopped)).toEqual(await ofScans(undisturbed))
  })
})

describe('running again', () => {
  it('changes nothing: no object, no row, no table version', async () => {
    await using bronze = await openBronze()
    await drop(bronze)
    const first = await bronze.ingest('b1')
    const before = await bronze.objects('')
    const second = await bronze.ingest('b1')
    expect(await bronze.objects('')).toEqual(before)
    expect(second).toEqual(first)
  })
})

describe('two attempts of one chunk', () => {
  it('at the same time, since a lost worker may still live, do its work once', async () => {
    await using undisturbed = await openBronze()
    await using bronze = await openBronze()
    await drop(undisturbed)
    await drop(bronze)
    await undisturbed.ingest('b1')
    const work = await find(bronze, 'b1')
    const outputs = await Promise.all([1, 2, 3].map(() => bronze.call(ingestScans, work)))
    expect(outputs[1]).toEqual(outputs[0])
    expect(outputs[2]).toEqual(outputs[0])
    // A drop that comes later is no part of a batch that exists.
    await bronze.putZip('late.zip', scanFiles('Late', { diameter: '7 mm' }))
    await bronze.ingest('b1')
    expect(await contentOf(bronze)).toEqual(await contentOf(undisturbed))
    expect(Object.keys(await bronze.objects('inbox'))).toEqual(['inbox/late.zip'])
  })
})

describe('two batches', () => {
  it('that race for one guid commit each content once', async () => {
    await using bronze = await openBronze()
    await bronze.putZip('drop.zip', { ...scanFiles('A'), ...scanFiles('B', { diameter: '2 mm' }) })
    const [one, two] = [await find(bronze, 'b1'), await find(bronze, 'b2')]
    await Promise.all([bronze.call(ingestScans, one), bronze.call(ingestScans, two)])
    const rows = await bronze.rows('scans')
    expect(rows.map((row) => row['revision'])).toEqual([0, 1])
    expect(new Set(rows.map((row) => row['content_sha256'])).size).toBe(2)
    expect(
      (await bronze.rows('measurements')).map((row) => Number(row['value'])).sort((a, b) => a - b),
    ).toEqual([1.1, 2])
    expect(await bronze.rows('ingestion_log')).toHaveLength(4)
  })

  it('of which the first died before its rows were in the tables lose none', async () => {
    await using bronze = await openBronze()
    await drop(bronze)
    const work = await find(bronze, 'b1')
    await expect(bronze.call(ingestScans, work, { abortAfter: 5 })).rejects.toThrow('the worker died')
    const outputs = await bronze.ingest('b2')
    expect(outputs['IngestScans 0']).toMatchObject({ committed: 4, duplicates: 0, quarantined: 1 })
    expect(await bronze.rows('scans')).toHaveLength(4)
    // Should the first go on after all, it has nothing to add.
    await bronze.call(ingestScans, work)
    expect(await bronze.rows('scans')).toHaveLength(4)
    expect(await bronze.rows('measurements')).toHaveLength(4)
  })
})
