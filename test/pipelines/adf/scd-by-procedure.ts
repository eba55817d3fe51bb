import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

/** Members of a club: the file of a day goes into a staging table, a stored procedure keeps the versions. */
export function scdByProcedure(plant: () => FactoryPlant): void {
  importsAlike('scd-by-procedure', {
    grades: { PL_Members: 'Needs review' },
    findings: [
      'note unused-property activities["Count"].typeProperties.source.partitionOption',
      'note unused-property activities["Stage members"].typeProperties.sink.disableMetricsCollection',
      'note unused-property activities["Stage members"].typeProperties.sink.sqlWriterUseTableLock',
      'review stand-in typeProperties.connectionString',
    ],
  })

  it('keeps a version for each change, also when a day is run again', async () => {
    const { sql, put, run } = plant()
    const members = (text: string) => sql('LS_MembersDb', 'Members', text)
    await members(`CREATE TABLE stg.Member (MemberNo int, Name nvarchar(50), Town nvarchar(50));
      CREATE TABLE dbo.DimMember (MemberKey int IDENTITY(1,1) PRIMARY KEY, MemberNo int, Name nvarchar(50), Town nvarchar(50), ValidFrom date, ValidTo date)`)
    await put('member-share/daily/2026-03-01.csv', 'no,name,town\n1,Ada,Ulm\n2,Ben,Bonn\n3,Cleo,Kiel\n')
    await put('member-share/daily/2026-03-02.csv', 'no,name,town\n1,Ada,Ulm\n2,Ben,Mainz\n4,Dora,Jena\n')
    const day = async (text: string) =>
      await run(gitLayout('scd-by-procedure'), 'PL_Members', { parameters: { day: text } })
    expect(await day('2026-03-01')).toMatchObject({
      message: null,
      returnValue: { staged: 3, versions: 3, present: 3 },
    })
    expect(await day('2026-03-02')).toMatchObject({
      message: null,
      returnValue: { staged: 3, versions: 5, present: 3 },
    })
    expect(await day('2026-03-02')).toMatchObject({
      message: null,
      returnValue: { staged: 3, versions: 5, present: 3 },
    })
    expect(
      await members(
        'SELECT MemberNo, Town, ValidFrom, ValidTo FROM dbo.DimMember ORDER BY MemberNo, ValidFrom',
      ),
    ).toEqual([
      [1, 'Ulm', '2026-03-01', null],
      [2, 'Bonn', '2026-03-01', '2026-03-02'],
      [2, 'Mainz', '2026-03-02', null],
      [3, 'Kiel', '2026-03-01', '2026-03-02'],
      [4, 'Jena', '2026-03-02', null],
    ])
  })
}
