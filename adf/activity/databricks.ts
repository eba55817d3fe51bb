import { z } from 'zod'
import type { JsonValue } from '../json.ts'
import { anyObject, record, text } from '../resource/fields.ts'

const libraries = z
  .array(anyObject())
  .default([])
  .describe('jar, egg, whl, maven, pypi or cran, as the Jobs API has them')

const parameters = z.array(z.custom<JsonValue>()).default([]).describe('Texts; expressions are evaluated')

export const databricksNotebookProperties = record({
  notebookPath: text().describe('Path in the workspace: `/Shared/silver_transform`'),
  baseParameters: anyObject().default({}).describe('Widgets of the notebook: name → value'),
  libraries,
}).describe('Runs a notebook of a Databricks workspace')

export const databricksSparkJarProperties = record({
  mainClassName: text(),
  parameters,
  libraries,
}).describe('Runs a class of a JAR on Databricks')

export const databricksSparkPythonProperties = record({
  pythonFile: text().describe('URI of the file: `dbfs:/docs/pi.py`'),
  parameters,
  libraries,
}).describe('Runs a Python file on Databricks')

export const databricksJobProperties = record({
  jobId: z.union([z.string(), z.number()]).describe('Id of a job of the workspace'),
  jobParameters: anyObject().default({}).describe('Name → value'),
}).describe('Runs a job of a Databricks workspace')
