import { describe, expect, it } from 'vitest'
import { readAnalysis, type Analysis } from '../../../formats/gelsight/analysis.ts'
import { Findings, type Finding } from '../../../formats/gelsight/finding.ts'
import { readYaml } from '../../../formats/yaml/read-yaml.ts'

function read(text: string): { analysis: Analysis; findings: Finding[] } {
  const findings = new Findings()
  const { value } = readYaml(Buffer.from(text), 's.yaml')
  return { analysis: readAnalysis(value, 's.yaml', 'UTC', findings), findings: findings.list() }
}

describe('names that are keys of rows stay unique', () => {
  it('of shapes, where an id looks like the name of a repeated one', () => {
    const { analysis } = read(
      "shapes: [{type: a, id: '5#2'}, {type: b, id: 5}, {type: c, id: 5}, {type: d}, {type: e, id: '#3'}]",
    )
    expect(analysis.shapes.map((shape) => shape.shape_id)).toEqual(['5#2', '5', '5#2#', '#3', '#3#4'])
  })

  it('of results, where a key looks like the name of a repeated one', () => {
    const { analysis } = read("routines: [{type: a, id: 1, x: 1, 'x#2': 2, X: 3}]")
    expect(analysis.routines[0]?.results.map((result) => result.result_name)).toEqual(['x', 'x#2', 'x#2#'])
  })
})

describe('a file that would grow without bound', () => {
  it('by a long key above many values: what lies below it is left out', () => {
    const values = Array.from({ length: 50_000 }, (_, i) => `a${i}: 1`).join(', ')
    const { analysis, findings } = read(
      `routines: [{type: a, id: 1, d: 2, ? ${'k'.repeat(50_000)} : {${values}}}]`,
    )
    expect(analysis.routines[0]?.results).toHaveLength(1)
    expect(findings).toMatchObject([
      { rule: 'result.name', message: 'the name has 50000 characters; 500 are allowed' },
    ])
  })

  it('by its results: those beyond 100,000 are left out', () => {
    const values = Array.from({ length: 100_001 }, (_, i) => `a${i}: 1`).join(', ')
    const { analysis, findings } = read(
      `routines: [{type: a, id: 1, results: {${values}}}, {type: b, id: 2, d: 1}]`,
    )
    expect(analysis.routines.map((routine) => routine.results.length)).toEqual([100_000, 0])
    expect(findings[0]).toMatchObject({
      rule: 'analysis.limit',
      place: 's.yaml:routines[0]',
      message: 'the file has more than 100000 results; the others were left out',
    })
  })

  it('by its shapes: those beyond 10,000 are left out', () => {
    const shapes = Array.from({ length: 10_001 }, (_, i) => `{type: a, id: ${i}}`).join(', ')
    const { analysis, findings } = read(`shapes: [${shapes}]`)
    expect(analysis.shapes).toHaveLength(10_000)
    expect(findings).toMatchObject([
      {
        rule: 'analysis.limit',
        place: 's.yaml:shapes',
        message: '10001 items; the first 10000 are read, the others were left out',
      },
    ])
  })

  it.each([
    'shapes: [{type: circle, id: 1, x: "N,"}]',
    'routines: [{type: a, id: 1, d: "N,", e: "(N,, 1)"}]',
  ])('%s is read in a time that grows with its length only', (text) => {
    const start = performance.now()
    read(text.replaceAll('N', '1'.repeat(500_000)))
    expect(performance.now() - start).toBeLessThan(2_000)
  })
})
