import type { Token } from './tokens.ts'
import { behindParenthesis, isIdentifier, isSign, isWord, made } from './tokens.ts'

/**
 * CREATE TABLE: takes out what SQLite has no words for (IDENTITY, CLUSTERED, `(MAX)`, ON [PRIMARY]), and puts calls behind DEFAULT into parentheses.
 * `SELECT … INTO t` becomes `CREATE TABLE t AS SELECT …`.
 */
export function createTable(tokens: readonly Token[]): Token[] {
  if (isWord(tokens[0], 'SELECT', 'WITH')) return selectInto(tokens)
  if (isWord(tokens[0], 'TRUNCATE'))
    return [made('word', 'DELETE'), made('word', 'FROM'), ...tokens.slice(isWord(tokens[1], 'TABLE') ? 2 : 1)]
  if (isWord(tokens[0], 'DELETE') && !isWord(tokens[1], 'FROM'))
    return [made('word', 'DELETE'), made('word', 'FROM'), ...tokens.slice(1)]
  if (isWord(tokens[0], 'INSERT') && !isWord(tokens[1], 'INTO', 'OR'))
    return [made('word', 'INSERT'), made('word', 'INTO'), ...tokens.slice(1)]
  if (isWord(tokens[0], 'CREATE') && !isWord(tokens[1], 'VIEW', 'TRIGGER')) return created(tokens)
  if (isWord(tokens[0], 'ALTER')) return created(tokens)
  return [...tokens]
}

function created(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  let depth = 0
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]
    if (token === undefined) break
    if (isSign(token, '(')) depth += 1
    if (isSign(token, ')')) depth -= 1
    if (isWord(token, 'TABLE') && depth === 0) {
      result.push(...tableWords(tokens[index + 1], isWord(tokens[0], 'CREATE')))
      continue
    }
    if (isWord(token, 'CLUSTERED', 'NONCLUSTERED')) continue
    if (isWord(token, 'ADD') && isWord(tokens[0], 'ALTER') && !isWord(tokens[index + 1], 'COLUMN')) {
      result.push(token, made('word', 'COLUMN'))
      continue
    }
    if (
      depth === 0 &&
      isWord(token, 'ON') &&
      isIdentifier(tokens[index + 1]) &&
      index + 2 >= tokens.length &&
      isWord(tokens[1], 'TABLE')
    )
      break
    if (isWord(token, 'IDENTITY')) {
      rowid(result)
      if (isSign(tokens[index + 1], '(')) index = behindParenthesis(tokens, index + 1) - 1
      continue
    }
    if (isSign(token, '(') && isWord(tokens[index + 1], 'MAX') && isSign(tokens[index + 2], ')')) {
      depth -= 1
      index += 2
      continue
    }
    if (isWord(token, 'DEFAULT') && tokens[index + 1]?.kind === 'word' && isSign(tokens[index + 2], '(')) {
      const end = behindParenthesis(tokens, index + 2)
      result.push(token, made('sign', '('), ...defaultValue(tokens.slice(index + 1, end)), made('sign', ')'))
      index = end - 1
      continue
    }
    result.push(token)
  }
  return result
}

/** A table whose name begins with `#` or `@` lives as long as the script. */
function tableWords(name: Token | undefined, isNew: boolean): Token[] {
  const isTemporary = isNew && /^[#@]/.test(name?.value ?? '')
  return [...(isTemporary ? [made('word', 'TEMP')] : []), made('word', 'TABLE')]
}

/** SQLite numbers the rows of an INTEGER PRIMARY KEY only. */
function rowid(result: Token[]): void {
  for (let index = result.length - 1; index >= 0; index--) {
    if (!isWord(result[index], 'INT', 'BIGINT', 'SMALLINT', 'TINYINT')) continue
    result[index] = made('word', 'INTEGER')
    return
  }
}

/** The clock in SQLite's own words: other programs that insert do not know getdate(). */
function defaultValue(tokens: readonly Token[]): readonly Token[] {
  return isWord(tokens[0], 'GETDATE', 'GETUTCDATE', 'SYSDATETIME', 'SYSUTCDATETIME')
    ? [made('word', "strftime('%Y-%m-%dT%H:%M:%f', 'now')")]
    : tokens
}

function selectInto(tokens: readonly Token[]): Token[] {
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (isSign(token, '(')) depth += 1
    else if (isSign(token, ')')) depth -= 1
    else if (depth === 0 && isWord(token, 'INSERT')) break
    else if (depth === 0 && isWord(token, 'INTO')) {
      const table = tokens[index + 1]
      if (table === undefined) break
      return [
        made('word', 'CREATE'),
        ...tableWords(table, true),
        table,
        made('word', 'AS'),
        ...tokens.slice(0, index),
        ...tokens.slice(index + 2),
      ]
    }
  }
  return [...tokens]
}
