/** What Headrace uses of parquetjs-lite 0.8, which brings no types. */
declare module 'parquetjs-lite' {
  export interface FieldDefinition {
    type: string
    optional?: boolean
    compression?: 'UNCOMPRESSED' | 'GZIP' | 'SNAPPY'
    statistics?: false
  }

  /** Rows of the group under way, column by column. Levels of definition: 0 null, 1 a value; of repetition: none in flat columns. */
  export interface RowBuffer {
    rowCount: number
    pageRowCount: number
    readonly columnData: Record<
      string,
      {
        readonly dlevels: number[]
        readonly rlevels: number[]
        readonly values: unknown[]
        readonly distinct_values: Set<never>
        count: number
      }
    >
    readonly pages: Record<string, unknown[]>
  }

  interface Writer {
    rowBuffer: RowBuffer
    appendRow(row: Record<string, unknown>): Promise<void>
    close(): Promise<void>
  }

  /** What it calls of a stream. It does not wait for the first write, so that an error given to `done` would go unhandled. */
  export interface Output {
    write(bytes: Buffer, done: () => void): void
    end(done: () => void): void
  }

  interface Schema {
    readonly schema: Record<string, FieldDefinition>
  }

  /** The package is CommonJS; Node finds no named exports in it. */
  const parquet: {
    readonly ParquetSchema: new (fields: Record<string, FieldDefinition>) => Schema
    readonly ParquetWriter: {
      openStream(
        schema: Schema,
        output: Output,
        options?: { rowGroupSize?: number; pageSize?: number; useDataPageV2?: boolean },
      ): Promise<Writer>
    }
  }
  export default parquet
}

declare module 'parquetjs-lite/lib/types.js' {
  /** By Parquet type name; a value passes `toPrimitive` before it is encoded. */
  export const PARQUET_LOGICAL_TYPES: Record<string, { toPrimitive(value: unknown): unknown }>
}
