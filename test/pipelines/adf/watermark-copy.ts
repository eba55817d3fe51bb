import { expect, it } from 'vitest'
import type { FactoryPlant } from '../../support/factory-plant.ts'
import { gitLayout, importsAlike } from './both-packagings.ts'

const source = (activity: string) => `note unused-property ${activity}.typeProperties.source.partitionOption`

/** Orders of a shop, copied as they change; a stored procedure moves the watermark. */
export function watermarkCopy(plant: () => FactoryPlant): void {
  importsAlike('watermark-copy', {
    grades: { PL_CopyNewOrders: 'Needs review' },
    findings: [
      source('activities["Last watermark"]'),
      source('activities["New watermark"]'),
      source('activities["Anything new"].typeProperties.ifTrueActivities["Copy what is new"]'),
      'review stand-in typeProperties.connectionString',
      'review stand-in typeProperties.url',
    ],
  })

  it('copies each order once over three runs', async () => {
    const { sql, run, files, read } = plant()
    const shop = (text: string) => sql('LS_ShopDb', 'Shop', text)
    await shop(`CREATE TABLE sales.Orders (OrderId int PRIMARY KEY, Customer nvarchar(50), ChangedAt datetime2);
      CREATE TABLE etl.Watermark (TableName varchar(100), WatermarkValue datetime2);
      INSERT INTO etl.Watermark VALUES ('Orders', '2026-03-01 00:00:00'), ('Others', '2020-01-01 00:00:00');
      INSERT INTO sales.Orders VALUES (1, 'Ada', '2026-02-28 12:00:00'), (2, 'Ben', '2026-03-01 08:00:00'), (3, 'Cleo', '2026-03-02 09:30:00')`)
    const copied = async () => await run(gitLayout('watermark-copy'), 'PL_CopyNewOrders')
    expect(await copied()).toMatchObject({
      message: null,
      returnValue: { copied: 2, upTo: '2026-03-02T09:30:00' },
    })
    expect(await shop('SELECT TableName, WatermarkValue FROM etl.Watermark ORDER BY TableName')).toEqual([
      ['Orders', '2026-03-02T09:30:00'],
      ['Others', '2020-01-01T00:00:00'],
    ])
    expect(await copied()).toMatchObject({
      message: null,
      returnValue: { copied: 0, upTo: '2026-03-02T09:30:00' },
    })
    await shop(
      "UPDATE sales.Orders SET Customer = 'Bea', ChangedAt = '2026-03-03 10:00:00' WHERE OrderId = 2",
    )
    expect(await copied()).toMatchObject({
      message: null,
      returnValue: { copied: 1, upTo: '2026-03-03T10:00:00' },
    })
    expect(await files('LS_ShopLake/raw/delta/Orders')).toEqual(['20260302093000.csv', '20260303100000.csv'])
    const rows = async (file: string) =>
      (await read(`LS_ShopLake/raw/delta/Orders/${file}.csv`)).trim().split('\r\n').slice(1)
    expect(await rows('20260302093000')).toEqual([
      expect.stringMatching(/^"2","Ben",/),
      expect.stringMatching(/^"3","Cleo",/),
    ])
    expect(await rows('20260303100000')).toEqual([expect.stringMatching(/^"2","Bea",/)])
  })
}
