import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

const each = 'activities["Each object"]'

/** Tables of an ERP system, copied as a control table says, with a log of what came of each. */
export function metadataDriven(plant: () => FactoryPlant): void {
  importsAlike('metadata-driven', {
    grades: { PL_CopyAll: 'Needs review', PL_CopyObject: 'Needs review' },
    findings: [
      'note unused-property activities["Copy object"].typeProperties.source.partitionOption',
      'note unused-property activities["What to copy"].typeProperties.source.partitionOption',
      `review called-pipeline ${each}.typeProperties.activities["Copy one"].typeProperties.pipeline`,
      `review do-if-else ${each}.typeProperties.activities["Log failure"].dependsOn`,
      `review failed-iterations-hidden ${each}.name`,
      'review lookup-near-cap activities["What to copy"].typeProperties.firstRowOnly',
      'review stand-in typeProperties.connectionString',
      'review stand-in typeProperties.url',
    ],
  })

  it('copies what is enabled, logs each object, and goes on past one that fails', async () => {
    const { sql, run, rows, files } = plant()
    await sql(
      'LS_Erp',
      'Erp',
      `CREATE TABLE mm.Material (Id int, Name nvarchar(20), Price decimal(9,2), Secret nvarchar(9));
       INSERT INTO mm.Material VALUES (1, 'bolt', 0.25, 's'), (2, 'nut', 0.10, 's'), (3, 'beam', 99, 's');
       CREATE TABLE sd.Invoice (Id int, Year int);
       INSERT INTO sd.Invoice VALUES (1, 2024), (2, 2025), (3, 2026), (4, 2026)`,
    )
    const control = (text: string) => sql('LS_Control', 'Control', text)
    await control(
      `CREATE TABLE CopyObject (ObjectId int, SourceSchema varchar(20), SourceTable varchar(50), Columns varchar(200), Filter varchar(200), Enabled bit);
       INSERT INTO CopyObject VALUES (1, 'mm', 'Material', 'Id, Name, Price', NULL, 1), (2, 'sd', 'Invoice', '*', 'Year >= 2026', 1),
         (3, 'hr', 'Salary', '*', NULL, 0), (4, 'mm', 'Gone', '*', NULL, 1);
       CREATE TABLE CopyLog (ObjectId int, RunId varchar(50), Status varchar(20), CopiedRows bigint)`,
    )
    const ended = await run(gitLayout('metadata-driven'), 'PL_CopyAll')
    expect(ended).toMatchObject({
      status: 'Succeeded',
      statuses: { 'Each object': 'Failed', 'How it went': 'Succeeded' },
      returnValue: { objects: 3 },
    })
    expect(JSON.parse(JSON.stringify(ended.returnValue['summary']))).toBe(
      '[{"Status":"Failed","Objects":1,"CopiedRows":0},{"Status":"Succeeded","Objects":2,"CopiedRows":5}]',
    )
    expect(await control('SELECT ObjectId, Status, CopiedRows FROM CopyLog ORDER BY ObjectId')).toEqual([
      [1, 'Succeeded', 3],
      [2, 'Succeeded', 2],
      [4, 'Failed', 0],
    ])
    expect(await files('LS_ErpLake/erp')).toEqual(['mm/Material/data.parquet', 'sd/Invoice/data.parquet'])
    expect(
      await rows(
        "SELECT Id, Name, Price::DECIMAL(9, 2) FROM '$stores/LS_ErpLake/erp/mm/Material/data.parquet' ORDER BY Id",
      ),
    ).toEqual([
      [1, 'bolt', '0.25'],
      [2, 'nut', '0.10'],
      [3, 'beam', '99.00'],
    ])
  })
}
