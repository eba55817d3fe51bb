const sourceCommon = [
  'sourceRetryCount',
  'sourceRetryWait',
  'maxConcurrentConnections',
  'disableMetricsCollection',
]
const sinkCommon = [
  'writeBatchSize',
  'writeBatchTimeout',
  'sinkRetryCount',
  'sinkRetryWait',
  'maxConcurrentConnections',
]
const read = [
  'recursive',
  'wildcardFolderPath',
  'wildcardFileName',
  'prefix',
  'fileListPath',
  'modifiedDatetimeStart',
  'modifiedDatetimeEnd',
  'deleteFilesAfterCompletion',
  'enablePartitionDiscovery',
  'partitionRootPath',
].map((one) => `storeSettings.${one}`)
const unpack = ['formatSettings.compressionProperties.preserveZipFileNameAsFolder']
const columns = ['additionalColumns']
const write = ['copyBehavior', 'blockSizeInMB', 'metadata'].map((one) => `storeSettings.${one}`)
const pieces = ['formatSettings.maxRowsPerFile', 'formatSettings.fileNamePrefix']
const sqlSource = [
  ...sourceCommon,
  ...columns,
  'queryTimeout',
  'sqlReaderQuery',
  'sqlReaderStoredProcedureName',
  'storedProcedureParameters',
  'isolationLevel',
  'partitionOption',
  'partitionSettings.partitionColumnName',
  'partitionSettings.partitionLowerBound',
  'partitionSettings.partitionUpperBound',
]
const sqlSink = [
  ...sinkCommon,
  'preCopyScript',
  'tableOption',
  'writeBehavior',
  'upsertSettings.useTempDB',
  'upsertSettings.interimSchemaName',
  'upsertSettings.keys',
  'sqlWriterStoredProcedureName',
  'sqlWriterTableType',
  'storedProcedureTableTypeParameterName',
  'storedProcedureParameters',
  'sqlWriterUseTableLock',
]

/** Properties of Copy sources by type: of these the reference tells the properties; of ADF's some hundred others only the type is listed. */
export const copySources: Readonly<Record<string, readonly string[]>> = {
  DelimitedTextSource: [...sourceCommon, ...columns, ...read, 'formatSettings.skipLineCount', ...unpack],
  JsonSource: [...sourceCommon, ...columns, ...read, ...unpack],
  ParquetSource: [...sourceCommon, ...columns, ...read],
  AvroSource: [...sourceCommon, ...columns, ...read],
  OrcSource: [...sourceCommon, ...columns, ...read],
  XmlSource: [...sourceCommon, ...columns, ...read, ...unpack],
  ExcelSource: [...sourceCommon, ...columns, ...read],
  BinarySource: [...sourceCommon, ...read, ...unpack],
  SqlServerSource: sqlSource,
  AzureSqlSource: sqlSource,
  SqlMISource: sqlSource,
  SqlDWSource: sqlSource,
  SqlSource: sqlSource,
  RestSource: [
    ...sourceCommon,
    ...columns,
    'requestMethod',
    'requestBody',
    'additionalHeaders',
    'paginationRules',
    'httpRequestTimeout',
    'requestInterval',
  ],
  AzureDatabricksDeltaLakeSource: ['query'],
  OdbcSource: ['query'],
  PostgreSqlV2Source: ['query'],
  MySqlSource: ['query'],
  SnowflakeV2Source: ['query'],
  OracleSource: ['oracleReaderQuery'],
}

/** Properties of Copy sinks by type. */
export const copySinks: Readonly<Record<string, readonly string[]>> = {
  DelimitedTextSink: [
    ...sinkCommon,
    ...write,
    'formatSettings.quoteAllText',
    'formatSettings.fileExtension',
    ...pieces,
  ],
  JsonSink: [...sinkCommon, ...write, 'formatSettings.filePattern'],
  ParquetSink: [...sinkCommon, ...write, ...pieces],
  AvroSink: [...sinkCommon, ...write, ...pieces],
  OrcSink: [...sinkCommon, ...write, ...pieces],
  BinarySink: [...sinkCommon, ...write],
  SqlServerSink: sqlSink,
  AzureSqlSink: sqlSink,
  SqlMISink: sqlSink,
  SqlSink: sqlSink,
  SqlDWSink: [...sqlSink, 'allowPolyBase', 'polyBaseSettings', 'allowCopyCommand', 'copyCommandSettings'],
  AzureDatabricksDeltaLakeSink: ['preCopyScript'],
}
