import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** Reports of a laboratory: copied into the archive, compared, deleted from the share. */
export function archiveAndDelete(plant: () => FactoryPlant): void {
  importsAlike('archive-and-delete', {
    grades: { PL_ArchiveReports: 'Needs review' },
    findings: ['note annotations annotations', 'review stand-in typeProperties.url'],
  })

  it('moves every report into the folder of the day and leaves the rest', async () => {
    const { put, run, files, read } = plant()
    for (const name of ['a.pdf', 'b.pdf', 'c d.pdf']) await put(`lab-share/inbox/${name}`, `report ${name}`)
    await put('lab-share/inbox/readme.txt', 'stays')
    await put('lab-share/inbox/older/z.pdf', 'deeper')
    const ended = await run(gitLayout('archive-and-delete'), 'PL_ArchiveReports', {
      parameters: { archiveDate: '2026-03-02' },
    })
    expect(ended).toMatchObject({
      status: 'Succeeded',
      returnValue: { archived: 3, folder: 'reports/2026/03/02' },
    })
    expect(await files('lab-share/inbox')).toEqual(['older/z.pdf', 'readme.txt'])
    expect(await files('LS_ArchiveLake')).toEqual(
      ['a.pdf', 'b.pdf', 'c d.pdf'].map((name) => `cold/reports/2026/03/02/${name}`),
    )
    expect(await read('LS_ArchiveLake/cold/reports/2026/03/02/c d.pdf')).toBe('report c d.pdf')
    const copies = ended.activities.filter((row) => row.activity === 'Copy report')
    expect(copies.map((row) => row.output)).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ filesRead: 1, filesWritten: 1 })),
    )
    expect(copies.map((row) => JSON.stringify(row.userProperties['Source'])).toSorted()).toEqual([
      '"inbox/a.pdf"',
      '"inbox/b.pdf"',
      '"inbox/c d.pdf"',
    ])
    expect(ended.output('Delete original')).toMatchObject({ filesDeleted: 1 })
    expect(ended.activities.filter((row) => row.activity === 'Copy is not whole')).toEqual([])
  })

  it('has nothing to do when the inbox holds no report', async () => {
    const { put, run } = plant()
    await put('lab-share/empty/readme.txt', 'stays')
    const ended = await run(gitLayout('archive-and-delete'), 'PL_ArchiveReports', {
      parameters: { inbox: 'empty', archiveDate: '2026-03-03' },
    })
    expect(ended).toMatchObject({ status: 'Succeeded', returnValue: { archived: 0 } })
  })
}
