import { passed } from '../../testing/run-test.ts'
import { byFile, differenceLines } from './report.ts'
import type { TimedResult } from './test-factory.ts'

/** JUnit's XML, as CI servers read it: a suite a file, a case a test. */
export function junitXml(results: readonly TimedResult[]): string {
  const suites = [...byFile(results)].map(([file, own]) => {
    const failures = own.filter((result) => !passed(result)).length
    const cases = own.map(caseXml)
    return [
      `  <testsuite name="${escaped(file)}" tests="${own.length}" failures="${failures}" errors="0" skipped="0" time="${seconds(own)}">`,
      ...cases,
      '  </testsuite>',
    ].join('\n')
  })
  const failures = results.filter((result) => !passed(result)).length
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${results.length}" failures="${failures}" time="${seconds(results)}">`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

function caseXml(result: TimedResult): string {
  const { test } = result
  const opening = `    <testcase classname="${escaped(test.pipeline)}" name="${escaped(test.name)}" time="${seconds([result])}"`
  if (passed(result)) return `${opening}/>`
  const lines = differenceLines(result)
  return `${opening}>\n      <failure message="${escaped(lines[0] ?? '')}">${escaped(lines.join('\n'))}</failure>\n    </testcase>`
}

function seconds(results: readonly TimedResult[]): string {
  return (results.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(3)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Control characters have no form in XML 1.0. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
