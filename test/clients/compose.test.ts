import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { searchAttributes } from '../../adf/run/status.ts'
import { environmentSchema } from '../../config/schema.ts'

const root = join(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(
    z.string(),
    z.strictObject({
      image: z.string().regex(/^[a-z/-]+(:\$\{[A-Z_]+:-[\w.]+\})?$/),
      build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
      restart: z.enum(['unless-stopped', 'on-failure:5']),
      depends_on: z
        .record(
          z.string(),
          z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully']) }),
        )
        .optional(),
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()).optional(),
      ports: z.array(z.string()).optional(),
      entrypoint: z.array(z.string()).optional(),
      healthcheck: z
        .strictObject({
          test: z.array(z.string()),
          interval: z.string(),
          timeout: z.string(),
          retries: z.number(),
        })
        .optional(),
      stop_grace_period: z.string().optional(),
    }),
  ),
  volumes: z.record(z.string(), z.null()),
})

describe('docker-compose.yml', () => {
  const compose = composeSchema.parse(load(read('docker-compose.yml')))
  const services = Object.entries(compose.services)

  it('lets a service wait only for services that exist, in the way they can be waited for', () => {
    for (const [name, service] of services) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        const target = compose.services[other]
        expect(target, `${name} waits for ${other}`).toBeDefined()
        expect(condition).toBe(
          target?.healthcheck === undefined ? 'service_completed_successfully' : 'service_healthy',
        )
      }
    }
  })

  it('opens ports on the loopback interface only', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? [])
    expect(ports).toHaveLength(2)
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  it('takes every password from the environment, with a default for development', () => {
    const passwords = services.flatMap(([, { environment }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD|SECRET|TOKEN/.test(name)),
    )
    expect(passwords).not.toHaveLength(0)
    for (const [, value] of passwords) expect(value).toMatch(/^\$\{[A-Z_]+:-[\w-]+\}$/)
  })

  it('gives the worker only variables that Headrace reads', () => {
    for (const name of Object.keys(compose.services['worker']?.environment ?? {}))
      expect(Object.keys(environmentSchema.shape)).toContain(name)
  })

  it('mounts files that exist and names volumes that are declared', () => {
    const mounts = services
      .flatMap(([, service]) => service.volumes ?? [])
      .map((mount) => mount.split(':')[0] ?? '')
    for (const mount of mounts) {
      if (mount.startsWith('./')) expect(globSync(mount, { cwd: root }), mount).toHaveLength(1)
      else if (!mount.startsWith('$')) expect(Object.keys(compose.volumes)).toContain(mount)
    }
  })
})

it('tunes the server of compose as the embedded one', () => {
  expect(load(read('infra/temporal/dynamicconfig.yaml'))).toEqual({
    'history.transferProcessorMaxPollRPS': [{ value: 10_000 }],
    'history.transferProcessorMaxPollHostRPS': [{ value: 100_000 }],
    'history.eventsCacheMaxSizeBytes': [{ value: 33_554_432 }],
    'history.maximumBufferedEventsBatch': [{ value: 2_000 }],
  })
})

it('registers every search attribute of a run', () => {
  expect(read('infra/temporal/create-namespace.sh')).toContain(
    `for name in ${searchAttributes.join(' ')}; do`,
  )
})

it('builds an image with every room, under a user that is not root', () => {
  const file = read('infra/Dockerfile')
  const rooms = globSync('*/', { cwd: root }).filter(
    (name) => globSync(`${name}/**/*.ts`, { cwd: root }).length > 0,
  )
  const aside = new Set(['test', 'bench', 'node_modules'])
  for (const room of rooms.filter((name) => !aside.has(name)))
    expect(file).toContain(`COPY ${room} ./${room}`)
  expect(file).toMatch(/^USER node$/m)
})
