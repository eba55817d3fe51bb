/** What Headrace uses of parquetjs-lite 0.8, which brings no types. */
declare module 'parquetjs-lite' {
  export interface FieldDefinition {
    type: string
    optional?: boolean
    compression?: 'UNCOMPRESSED' | 'GZIP' | 'SNAPPY'
    statistics?: false
  }

  export class ParquetSchema {
    constructor(fields: Record<string, FieldDefinition>)
  }

  export class ParquetWriter {
    static openFile(
      schema: ParquetSchema,
      path: string,
      options?: { rowGroupSize?: number; pageSize?: number; useDataPageV2?: boolean },
    ): Promise<ParquetWriter>
    appendRow(row: Record<string, unknown>): Promise<void>
    close(): Promise<void>
  }
}

declare module 'parquetjs-lite/lib/types.js' {
  /** By Parquet type name; a value passes `toPrimitive` before it is encoded. */
  export const PARQUET_LOGICAL_TYPES: Record<string, { toPrimitive(value: unknown): unknown }>
}
