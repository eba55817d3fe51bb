import { createHash } from 'node:crypto'
import { mkdtemp, mkdir, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LocalLake } from '../../lake/local/local-lake.ts'
import type { Lake } from '../../lake/lake.ts'

let root: string
let lake: Lake

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'headrace-lake-'))
  lake = new LocalLake({ root })
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function paths(folder: string, from: Lake = lake): Promise<string[]> {
  const found: string[] = []
  for await (const object of from.list(folder)) found.push(object.path)
  return found
}

async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

describe('paths', () => {
  it.each(['', '/a', 'a/', 'a//b', '.', '../a', 'a/../b', 'a/./b', 'a\\b', 'a\0b', 'a\nb'])(
    'refuses %j',
    async (path) => {
      await expect(lake.create(path, 'x')).rejects.toThrow(TypeError)
      expect(await readdir(root)).toEqual([])
    },
  )
})

describe('create', () => {
  it.each([
    ['text', 'grüße', 'grüße'],
    ['bytes', Buffer.from('bytes'), 'bytes'],
    ['a stream', Readable.from([Buffer.from('one '), Buffer.from('two')]), 'one two'],
    ['nothing', '', ''],
  ])('writes %s', async (_kind, content, expected) => {
    expect(await lake.create('a/b/c.txt', content)).toBe(true)
    expect(await lake.readText('a/b/c.txt')).toBe(expected)
  })

  it('leaves what exists untouched and says so', async () => {
    await lake.create('a', 'first')
    const before = await lake.stat('a')
    expect(await lake.create('a', 'second')).toBe(false)
    expect(await lake.create('a', Readable.from(['third']))).toBe(false)
    expect(await lake.stat('a')).toEqual(before)
    expect(await lake.readText('a')).toBe('first')
  })

  it('lets exactly one of many win', async () => {
    const wins = await Promise.all(
      Array.from({ length: 20 }, (_, n) => new LocalLake({ root }).create('x/y', `content ${n}`)),
    )
    expect(wins.filter(Boolean)).toHaveLength(1)
    expect(await lake.readText('x/y')).toBe(`content ${wins.indexOf(true)}`)
  })

  it('shows nothing and leaves nothing when its stream fails', async () => {
    const failing = Readable.from(
      (function* () {
        yield Buffer.from('half')
        throw new Error('the drop was pulled out')
      })(),
    )
    await expect(lake.create('a', failing)).rejects.toThrow('the drop was pulled out')
    expect(await lake.stat('a')).toBeNull()
    expect(await readdir(await lake.scratch())).toEqual([])
  })

  it('takes a finished local file and consumes it, also when it loses', async () => {
    const file = join(await lake.scratch(), 'ready')
    await writeFile(file, 'one')
    expect(await lake.createFromFile('a', file)).toBe(true)
    await writeFile(file, 'two')
    expect(await lake.createFromFile('a', file)).toBe(false)
    expect(await lake.readText('a')).toBe('one')
    expect(await readdir(await lake.scratch())).toEqual([])
  })

  it('works the same with fsync', async () => {
    const synced = new LocalLake({ root, fsync: true })
    expect(await synced.create('a/b', 'x')).toBe(true)
    const etag = (await synced.stat('a/b'))?.etag ?? ''
    expect(await synced.replace('a/b', 'y', etag)).toBe(true)
    expect(await synced.readText('a/b')).toBe('y')
  })

  it('says which file is in the way of a folder, and how to fix it', async () => {
    await lake.create('a', 'a file')
    await expect(lake.create('a/b', 'x')).rejects.toThrow(
      /Cannot (create|make the folder) .*a.*: a file lies where a folder has to be: move it away \(ENOTDIR\)/,
    )
  })
})

describe('replace', () => {
  it('replaces what has the given etag only', async () => {
    expect(await lake.replace('a', 'one', null)).toBe(true)
    expect(await lake.replace('a', 'other', null)).toBe(false)
    const etag = (await lake.stat('a'))?.etag ?? ''
    expect(await lake.replace('a', 'two', etag)).toBe(true)
    expect(await lake.replace('a', 'three', etag)).toBe(false)
    expect(await lake.readText('a')).toBe('two')
  })

  it('loses no update of many writers at once', async () => {
    await lake.create('counter', '0')
    const count = async (mine: Lake) => {
      for (let done = 0; done < 5;) {
        const seen = await mine.stat('counter')
        const value = Number(await mine.readText('counter'))
        if (await mine.replace('counter', String(value + 1), seen?.etag ?? '')) done += 1
      }
    }
    await Promise.all(Array.from({ length: 5 }, () => count(new LocalLake({ root }))))
    expect(await lake.readText('counter')).toBe('25')
    expect(await readdir(await lake.scratch())).toEqual([])
  })

  it('takes over the lock of a process that died, one waiter at a time', async () => {
    await lake.create('counter', '0')
    const name = createHash('sha256').update(lake.location('counter')).digest('hex')
    // No process has this id: Linux ends at 4194304.
    const dead = JSON.stringify({ host: hostname(), process: 99_999_999, token: 'gone' })
    for (let round = 1; round <= 5; round += 1) {
      await writeFile(join(await lake.scratch(), `${name}.lock`), dead)
      const etag = (await lake.stat('counter'))?.etag ?? ''
      const wins = await Promise.all(
        Array.from({ length: 8 }, () => new LocalLake({ root }).replace('counter', String(round), etag)),
      )
      expect(wins.filter(Boolean)).toHaveLength(1)
    }
    expect(await readdir(await lake.scratch())).toEqual([])
  })
})

describe('move', () => {
  it('is idempotent', async () => {
    await lake.create('a/b', 'x')
    await lake.move('a/b', 'c/d')
    await lake.move('a/b', 'c/d')
    expect(await paths('')).toEqual(['c/d'])
  })

  it('completes a move that stopped between its two steps', async () => {
    await lake.create('a', 'x')
    await lake.create('b', 'x')
    await lake.move('a', 'b')
    expect(await paths('')).toEqual(['b'])
  })

  it('never overwrites other content', async () => {
    await lake.create('a', 'x')
    await lake.create('b', 'y')
    await expect(lake.move('a', 'b')).rejects.toThrow('b holds other content already')
    expect(await paths('')).toEqual(['a', 'b'])
  })

  it('throws LakeNotFound when neither exists', async () => {
    await expect(lake.move('a', 'b')).rejects.toMatchObject({ name: 'LakeNotFound', path: 'a' })
  })

  it('takes folders that it emptied away, but neither a top-level one nor one that still holds something', async () => {
    await lake.create('inbox/drop/one/a', 'a')
    await lake.create('inbox/drop/two/b', 'b')
    await lake.move('inbox/drop/one/a', 'archive/1/a')
    expect((await lake.children('inbox/drop')).map((child) => child.name)).toEqual(['two'])
    await lake.move('inbox/drop/two/b', 'archive/1/b')
    expect(await lake.children('inbox')).toEqual([])
    expect((await lake.children('')).map((child) => child.name)).toContain('inbox')
  })
})

describe('reading', () => {
  it.each([
    [{ start: 0, end: 3 }, '012'],
    [{ start: 3, end: 5 }, '34'],
    [{ start: 8, end: 100 }, '89'],
    [{ start: 4, end: 4 }, ''],
  ])('gives the range %j', async (range, expected) => {
    await lake.create('a', '0123456789')
    expect(await text(await lake.read('a', range))).toBe(expected)
  })

  it('throws LakeNotFound for what is missing and for a folder', async () => {
    await lake.create('a/b', 'x')
    for (const path of ['nothing', 'a', 'a/b/c']) {
      await expect(lake.read(path)).rejects.toMatchObject({ name: 'LakeNotFound' })
      await expect(lake.readBytes(path)).rejects.toMatchObject({ name: 'LakeNotFound' })
      expect(await lake.stat(path)).toBeNull()
    }
  })

  it('refuses to hold more than the limit', async () => {
    await lake.create('a', '0123456789')
    await expect(lake.readBytes('a', 9)).rejects.toThrow('a has 10 bytes; at most 9 are read at once')
  })
})

describe('list', () => {
  it('gives objects in path order, folders sorted as name/', async () => {
    for (const path of ['b', 'a/c', 'a.txt', 'a/b/z', 'a-b/x', 'ä']) await lake.create(path, path)
    expect(await paths('')).toEqual(['a-b/x', 'a.txt', 'a/b/z', 'a/c', 'b', 'ä'])
    expect(await paths('a')).toEqual(['a/b/z', 'a/c'])
    expect(await paths('missing')).toEqual([])
    expect(await lake.children('')).toEqual([
      { name: 'a-b', type: 'Folder', size: 0 },
      { name: 'a.txt', type: 'File', size: 5 },
      { name: 'a', type: 'Folder', size: 0 },
      { name: 'b', type: 'File', size: 1 },
      { name: 'ä', type: 'File', size: 2 },
    ])
  })

  it('hides unfinished files and symbolic links', async () => {
    await writeFile(join(await lake.scratch(), 'unfinished'), 'x')
    await symlink('/etc', join(root, 'etc'))
    await lake.create('a', 'x')
    expect(await paths('')).toEqual(['a'])
  })
})

describe('delete', () => {
  it('has no error for what is missing', async () => {
    await lake.create('a/b', 'x')
    await lake.delete('a/b')
    await lake.delete('a/b')
    await lake.create('a/b', 'x')
    await lake.deleteFolder('a')
    await lake.deleteFolder('a')
    expect(await paths('')).toEqual([])
  })

  it('refuses to delete the lake itself', async () => {
    await expect(lake.deleteFolder('')).rejects.toThrow(TypeError)
  })
})

describe('mounts', () => {
  it('put another folder in the place of a top-level one', async () => {
    const drops = await mkdtemp(join(tmpdir(), 'headrace-drops-'))
    await mkdir(join(root, 'inbox'))
    await writeFile(join(root, 'inbox', 'hidden.zip'), 'x')
    await writeFile(join(drops, 'drop.zip'), 'zip')
    const mounted = new LocalLake({ root, mounts: { inbox: drops } })
    expect(await paths('', mounted)).toEqual(['inbox/drop.zip'])
    await mounted.create('inbox/other.zip', 'y')
    await mounted.move('inbox/drop.zip', 'archive/1/drop.zip')
    expect(await paths('', mounted)).toEqual(['archive/1/drop.zip', 'inbox/other.zip'])
    expect((await readdir(drops)).sort()).toEqual(['_tmp', 'other.zip'])
    await rm(drops, { recursive: true })
  })
})

const elsewhere = '/dev/shm'
const otherVolume = await stat(elsewhere)
  .then(async (found) => found.dev !== (await stat(tmpdir())).dev)
  .catch(() => false)

describe.skipIf(!otherVolume)(
  `volumes${otherVolume ? '' : ` (skipped: ${elsewhere} is no other volume)`}`,
  () => {
    it('may differ between the ends of a move and of a finished file', async () => {
      const drops = await mkdtemp(join(elsewhere, 'headrace-drops-'))
      try {
        const mounted = new LocalLake({ root, mounts: { inbox: drops } })
        await mounted.create('inbox/drop.zip', 'x')
        await mounted.move('inbox/drop.zip', 'archive/drop.zip')
        await mounted.move('inbox/drop.zip', 'archive/drop.zip')
        await mounted.create('inbox/drop.zip', 'y')
        await expect(mounted.move('inbox/drop.zip', 'archive/drop.zip')).rejects.toThrow(
          'holds other content already',
        )
        const file = join(await mounted.scratch(), 'ready')
        await writeFile(file, 'z')
        expect(await mounted.createFromFile('inbox/z', file)).toBe(true)
        expect(await paths('', mounted)).toEqual(['archive/drop.zip', 'inbox/drop.zip', 'inbox/z'])
        expect(await readdir(await mounted.scratch())).toEqual([])
      } finally {
        await rm(drops, { recursive: true })
      }
    })
  },
)

describe('unfinished files', () => {
  it('of crashed processes are removed after a day', async () => {
    await mkdir(join(root, '_tmp'))
    await writeFile(join(root, '_tmp', 'old'), 'x')
    await writeFile(join(root, '_tmp', 'young'), 'x')
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400
    await utimes(join(root, '_tmp', 'old'), twoDaysAgo, twoDaysAgo)
    await lake.scratch()
    expect(await readdir(join(root, '_tmp'))).toEqual(['young'])
  })
})
