import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { UserError } from '../../src/errors.ts';

interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly path?: string;
}

function load(yaml: string | undefined, world: World = {}): { config: Config; secrets: string[] } {
  const files: Record<string, string> = {
    '/run/secrets/hook': 'hook-secret-of-a-file',
    ...world.files,
    ...(yaml === undefined ? {} : { 'modelgate.yaml': yaml }),
  };
  const secrets: string[] = [];
  const config = loadConfig({
    path: world.path,
    env: world.env ?? {},
    readFile: (path) => files[path],
    fileSecret: (path) => () => {
      const value = files[path];
      if (value === undefined)
        throw new UserError('secret-unreadable', `the secret ${path} cannot be read`, 'Mount it.');
      return value;
    },
    addSecret: (value) => secrets.push(value),
  });
  return { config, secrets };
}

/** The lines of the one error that loading throws. */
function problems(yaml: string | undefined, world: World = {}): readonly string[] {
  try {
    load(yaml, world);
  } catch (error) {
    if (error instanceof UserError && error.code === 'config-invalid')
      return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

const host = `hosts:
  - id: corp
    kind: gitlab
    url: https://gitlab.example.com/
    token: \${GITLAB_TOKEN}
    webhookSecrets: ["file:/run/secrets/hook"]
    repositories: ["ml/*"]
`;
const env = { GITLAB_TOKEN: 'glpat-secret-of-the-environment' };

describe('configuration — right', () => {
  test('no file, no variables — the defaults', () => {
    const { config } = load(undefined);

    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 8080, publicUrl: 'http://127.0.0.1:8080' },
      redis: { prefix: 'modelgate' },
      hosts: [],
      remotes: [],
      environments: {},
      report: { disclose: 'names' },
      recheck: {
        after: [30_000, 60_000, 120_000, 300_000, 600_000, 900_000],
        until: 86_400_000,
      },
      gate: { concurrency: 4, cacheDirectory: '/tmp/modelgate', cacheBytes: 10 * 2 ** 30 },
      limits: { fileBytes: 5 * 2 ** 20, yamlDepth: 100, evaluationMs: 600_000 },
      log: { level: 'info' },
      notes: [],
    });
    expect(config.recheck.then).toBe(3_600_000);
    expect(config.redis.url).toBeUndefined();
  });

  test('a host — secrets are functions, registered, and not in the configuration', () => {
    const { config, secrets } = load(host, { env, files: { '/run/secrets/hook': 'from-the-file' } });
    const [corp] = config.hosts;

    expect(corp).toMatchObject({
      id: 'corp',
      kind: 'gitlab',
      url: 'https://gitlab.example.com',
      repositories: ['ml/*'],
    });
    expect(corp!.token?.()).toBe('glpat-secret-of-the-environment');
    expect(corp!.webhookSecrets.map((secret) => secret())).toEqual(['from-the-file']);
    expect(secrets).toEqual(['glpat-secret-of-the-environment']);
    expect(JSON.stringify(config)).not.toContain('glpat');
  });

  test('remotes of kinds that are not read yet — a note for each', () => {
    const remotes = ['s3://abc', 'gs://abc', 'https://data.example.com/dvc', '/srv/dvc'].map(
      (url) => `  - { url: "${url}", repositories: [b] }`,
    );
    const { config } = load(`${host}remotes:\n${remotes.join('\n')}\n`, { env });

    expect(config.notes).toEqual([
      'remotes[1] is a remote of the kind gs: those are not read yet, so that data there cannot be proven',
      'remotes[2] is a remote of the kind https: those are not read yet, so that data there cannot be proven',
    ]);
  });

  test('the example of the design — every part of it', () => {
    const { config } = load(
      `${host}remotes:
  - { url: s3://team-data/dvc/, repositories: ["ml/*"], endpoint: https://s3.eu-central-1.amazonaws.com, credentials: default }
  - { url: s3://other, repositories: ["ml/**"], credentials: { accessKeyId: "\${KEY}", secretAccessKey: "file:/k" } }
environments:
  prod: { repositories: ["ml/auto-mpg"], kubeflow: { url: http://ml-pipeline.kubeflow:8888, namespace: ml }, kserve: { namespace: serving, services: ["auto-*"] }, publish: s3://models/serving/, prometheus: http://prometheus:9090 }
`,
      { env: { ...env, KEY: 'AKIAEXAMPLE' }, files: { '/k': 'secret-key' } },
    );

    expect(config.remotes[0]).toMatchObject({ url: 's3://team-data/dvc/', credentials: 'default' });
    const credentials = config.remotes[1]!.credentials;
    expect(
      typeof credentials === 'object' && [credentials.accessKeyId(), credentials.secretAccessKey()],
    ).toEqual(['AKIAEXAMPLE', 'secret-key']);
    expect(config.environments['prod']).toEqual({
      repositories: ['ml/auto-mpg'],
      branches: [],
      releasesPerDay: 10,
      stores: [],
      kubeflow: { url: 'http://ml-pipeline.kubeflow:8888', namespace: 'ml' },
      kserve: { namespace: 'serving', services: ['auto-*'] },
      publish: 's3://models/serving/',
      prometheus: 'http://prometheus:9090',
    });
  });

  test('environment — before the file, the file before the defaults', () => {
    const yaml = 'listen: { port: 1111, host: "::1" }\nredis: { url: redis://file }\nlog: { level: warn }';
    const { config } = load(yaml, {
      env: {
        MODELGATE_LISTEN_PORT: '2222',
        MODELGATE_GATE_CACHE_BYTES: '1GiB',
        MODELGATE_LOG_LEVEL: '',
        REDIS_URL: 'redis://env',
      },
    });

    expect(config.listen).toEqual({ host: '::1', port: 2222, publicUrl: 'http://[::1]:2222' });
    expect(config.gate.cacheBytes).toBe(2 ** 30);
    expect(config.redis.url).toBe('redis://env');
    expect(config.log.level).toBe('warn');
  });

  test('redis — our own variable before REDIS_URL; the password is registered', () => {
    const { config, secrets } = load(undefined, {
      env: { REDIS_URL: 'redis://a', MODELGATE_REDIS_URL: 'rediss://:p%40ssword@b:6380/1' },
    });

    expect(config.redis.url).toBe('rediss://:p%40ssword@b:6380/1');
    expect(secrets).toEqual(['p%40ssword', 'p@ssword']);
  });

  test('a secret from its own variable — the secret itself, or a file', () => {
    const direct = load(undefined, { env: { MODELGATE_PAGES_TOKEN: 'page-token' } }).config;
    const byFile = load(undefined, {
      env: { MODELGATE_PAGES_TOKEN: 'file:/t' },
      files: { '/t': 'token-in-file' },
    }).config;

    expect(direct.pages.token?.()).toBe('page-token');
    expect(byFile.pages.token?.()).toBe('token-in-file');
  });

  test('variables inside texts — filled in; numbers too', () => {
    const yaml =
      'listen: { host: "${HOST}", port: "${PORT}", publicUrl: "https://${HOST}.example.com/gate/" }';
    const { config } = load(yaml, { env: { HOST: 'node1', PORT: '99' } });

    expect(config.listen).toEqual({ host: 'node1', port: 99, publicUrl: 'https://node1.example.com/gate' });
  });

  test('certificates — read from their file', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n';
    const { config } = load(`${host}    ca: /etc/ca.pem\n`, { env, files: { '/etc/ca.pem': pem } });

    expect(config.hosts[0]!.ca).toBe(pem);
  });

  test('frozen — all the way down', () => {
    const { config } = load(host, { env });

    expect(() => Object.assign(config.hosts[0]!.repositories, { 0: '**' })).toThrow(TypeError);
    expect(() => Object.assign(config.listen, { port: 1 })).toThrow(TypeError);
  });

  test('variables that are no settings — named, unless Kubernetes made them', () => {
    const { config } = load(undefined, {
      env: {
        MODELGATE_LISTN_PORT: '1',
        MODELGATE_CONFIG: '',
        MODELGATE_REDIS_SERVER: '/usr/bin/redis-server',
        MODELGATE_SERVICE_HOST: '10.0.0.1',
        MODELGATE_SERVICE_PORT_HTTP: '80',
        MODELGATE_PORT: 'tcp://10.0.0.1:80',
        MODELGATE_PORT_80_TCP_ADDR: '10.0.0.1',
        OTHER: 'x',
      },
    });

    expect(config.notes).toEqual([
      'the variable MODELGATE_LISTN_PORT is no setting and is ignored; did you mean MODELGATE_LISTEN_PORT?',
    ]);
  });
});

describe('configuration — which file', () => {
  test('a named file that is not there — an error; the default one may be absent', () => {
    expect(() => load(undefined, { path: 'other.yaml' })).toThrow('there is no file other.yaml');
    expect(() => load(undefined, { env: { MODELGATE_CONFIG: 'x.yaml' } })).toThrow('there is no file x.yaml');
  });

  test('MODELGATE_CONFIG — names the file; the argument wins', () => {
    const files = { 'a.yaml': 'log: { level: warn }', 'b.yaml': 'log: { level: error }' };
    const names = { MODELGATE_CONFIG: 'a.yaml' };

    expect(load(undefined, { files, env: names }).config.log.level).toBe('warn');
    expect(load(undefined, { files, env: names, path: 'b.yaml' }).config.log.level).toBe('error');
  });

  test.each(['', '# nothing\n', '---\n', 'null'])('an empty file %j — the defaults', (yaml) => {
    expect(load(yaml).config.listen.port).toBe(8080);
  });
});

test.each(['0.0.0.0', '::', '::1', 'localhost', 'gate.example.com', 'my-host_1.lan'])(
  'listen.host %s — is taken',
  (name) => {
    expect(load(`listen: { host: "${name}" }`).config.listen.host).toBe(name);
  },
);

describe('configuration — secrets', () => {
  test('files that cannot be read — each told by setting and place, with what to do', () => {
    const yaml = host
      .replace('${GITLAB_TOKEN}', 'file:/run/secrets/token')
      .replace('/hook"', '/hook", "file:/run/secrets/old-hook"');

    expect(problems(yaml)).toEqual([
      'modelgate.yaml:5:12 hosts[0].token: the secret /run/secrets/token cannot be read. Mount it.',
      'modelgate.yaml:6:48 hosts[0].webhookSecrets[1]: the secret /run/secrets/old-hook cannot be read. Mount it.',
    ]);
  });

  test('a key of an App that is none — told with its place, and not quoted', () => {
    const yaml = `hosts:
  - id: hub
    kind: github
    app: { id: 1, privateKey: "file:/run/secrets/app.pem" }
    webhookSecrets: ["file:/run/secrets/hook"]
    repositories: ["acme/*"]
`;
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });

    expect(problems(yaml, { files: { '/run/secrets/app.pem': 'no-key-at-all' } })).toEqual([
      'modelgate.yaml:4:31 hosts[0].app.privateKey: is no private key in PEM; expected the whole file that GitHub gave you, from its BEGIN line to its END line',
    ]);
    expect(problems(yaml, { files: { '/run/secrets/app.pem': privateKey } })).toEqual([]);
    expect(problems(yaml)).toEqual([
      'modelgate.yaml:4:31 hosts[0].app.privateKey: the secret /run/secrets/app.pem cannot be read. Mount it.',
    ]);
  });

  test('a file that a variable names — told by the variable', () => {
    const variables = { ...env, MODELGATE_PAGES_TOKEN: 'file:/run/secrets/pages' };

    expect(problems(host, { env: variables })).toEqual([
      'MODELGATE_PAGES_TOKEN pages.token: the secret /run/secrets/pages cannot be read. Mount it.',
    ]);
  });
});

describe('configuration — wrong', () => {
  const gitlab = (line: string): string => host.replace(/ {4}url: .*\n/, `    ${line}\n`);

  test.each<[string, string, readonly string[]]>([
    [
      'a wrong number',
      'listen:\n  port: eighty',
      [
        'modelgate.yaml:2:9 listen.port: is "eighty"; expected a whole number from 0 to 65535, for example 8080',
      ],
    ],
    [
      'a number out of bounds',
      'gate: { concurrency: 0 }',
      ['modelgate.yaml:1:22 gate.concurrency: is "0"; expected a whole number from 1 to 64, for example 4'],
    ],
    [
      'an unknown key',
      'listen: { prt: 1 }',
      ['modelgate.yaml:1:11 listen.prt: is no setting; did you mean "port"?'],
    ],
    [
      'an unknown key like no other',
      'report: { zzz: 1 }',
      ['modelgate.yaml:1:11 report.zzz: is no setting; expected one of disclose'],
    ],
    ['an unknown group', 'listn: {}', ['modelgate.yaml:1:1 listn: is no setting; did you mean "listen"?']],
    [
      'a group that is a text',
      'log: debug',
      ['modelgate.yaml:1:6 log: has a wrong value; expected a group of the keys level'],
    ],
    [
      'a group that is empty',
      'log:',
      ['modelgate.yaml:1:1 log: is empty; expected a group of the keys level'],
    ],
    [
      'a value that is a list',
      'log: { level: [info] }',
      ['modelgate.yaml:1:8 log.level: is a list; expected one of debug, info, warn, error, silent'],
    ],
    [
      'a wrong word',
      'report: { disclose: name }',
      [
        'modelgate.yaml:1:21 report.disclose: is "name"; expected one of names, counts; did you mean "names"?',
      ],
    ],
    [
      'a duration without unit',
      'recheck: { then: 60 }',
      [
        'modelgate.yaml:1:18 recheck.then: is "60"; expected a duration with its unit (ms, s, m, h, d), for example 1h',
      ],
    ],
    [
      'a wrong duration in a list',
      'recheck: { after: [30s, 1w] }',
      [
        'modelgate.yaml:1:25 recheck.after[1]: is "1w"; expected a duration with its unit (ms, s, m, h, d), for example 30s',
      ],
    ],
    [
      'a size with a space',
      'gate: { cacheBytes: 5 MiB }',
      [
        'modelgate.yaml:1:21 gate.cacheBytes: is "5 MiB"; expected a size in bytes, or with its unit (kB, MB, GB, KiB, MiB, GiB), for example 10GiB',
      ],
    ],
    [
      'a relative path',
      'gate: { cacheDirectory: cache }',
      [
        'modelgate.yaml:1:25 gate.cacheDirectory: is "cache"; expected an absolute path, for example /var/cache/modelgate',
      ],
    ],
    [
      'a number where an address belongs',
      'listen: { host: 3 }',
      [
        'modelgate.yaml:1:17 listen.host: is "3"; expected an IP address or a host name, for example 127.0.0.1',
      ],
    ],
    [
      'a bracket that is never closed',
      'pages: {}\nrecheck:\n  after: [30s, "]", 1m # ]\n  until: 1d\n',
      [
        'modelgate.yaml:4:3 not valid YAML: deficient indentation; this is inside the [ that opens at line 3: is its ] missing?',
      ],
    ],
    [
      'a brace that is never closed',
      'listen: { port: 1, host: "${X}"\nlog: {}\n',
      [
        'modelgate.yaml:2:1 not valid YAML: deficient indentation; this is inside the { that opens at line 1: is its } missing?',
      ],
    ],
    [
      'a variable that is not set',
      'listen: { host: "${HOST}" }',
      [
        'modelgate.yaml:1:17 listen.host: needs the environment variable HOST, which is not set; expected an IP address or a host name, for example 127.0.0.1',
      ],
    ],
    [
      'a variable with a wrong value',
      'listen: { port: "${GITLAB_TOKEN}" }',
      [
        'modelgate.yaml:1:17 listen.port: is wrong once its variables are filled in; expected a whole number from 0 to 65535, for example 8080',
      ],
    ],
    [
      'a literal token',
      host.replace('${GITLAB_TOKEN}', 'glpat-literal'),
      [
        'modelgate.yaml:5:12 hosts[0].token: is not written here, because files are shared and kept; expected ${NAME} or file:/path, for example file:/run/secrets/name',
      ],
    ],
    [
      'a token in a relative file',
      host.replace('${GITLAB_TOKEN}', 'file:token'),
      [
        'modelgate.yaml:5:12 hosts[0].token: is not written here, because files are shared and kept; expected ${NAME} or file:/path, for example file:/run/secrets/name',
      ],
    ],
    [
      'a token whose variable is not set',
      host.replace('GITLAB_TOKEN', 'NOPE'),
      [
        'modelgate.yaml:5:12 hosts[0].token: needs the environment variable NOPE, which is not set; expected ${NAME} or file:/path, for example file:/run/secrets/name',
      ],
    ],
    [
      'a short secret',
      host.replace('GITLAB_TOKEN', 'SHORT'),
      ['modelgate.yaml:5:12 hosts[0].token: is too short: 5 characters; expected 6 or more'],
    ],
    [
      'no webhook secret',
      host.replace('["file:/run/secrets/hook"]', '[]'),
      [
        'modelgate.yaml:6:5 hosts[0].webhookSecrets: is empty; expected at least one secret, for example ["file:/run/secrets/hook"]',
      ],
    ],
    [
      'a missing key',
      gitlab('ca: /ca.pem'),
      [
        'modelgate.yaml:2:5 hosts[0].url: is missing; expected an http or https address without user, password, query and fragment, for example https://gitlab.example.com',
        'modelgate.yaml:4:9 hosts[0].ca: names a file that cannot be read; expected the path of a file with PEM certificates, for example /etc/ssl/corp-ca.pem',
      ],
    ],
    [
      'credentials in an address',
      gitlab('url: https://user:hunter2@gitlab.example.com'),
      [
        'modelgate.yaml:4:10 hosts[0].url: has a wrong value; expected an http or https address without user, password, query and fragment, for example https://gitlab.example.com',
      ],
    ],
    [
      'another kind of host',
      host.replace('kind: gitlab', 'kind: gitlub'),
      [
        'modelgate.yaml:3:11 hosts[0].kind: is "gitlub"; expected one of gitlab, github; did you mean "gitlab"?',
      ],
    ],
    [
      'no kind of host',
      host.replace('    kind: gitlab\n', ''),
      ['modelgate.yaml:2:5 hosts[0].kind: is missing; expected one of gitlab, github'],
    ],
    [
      'a GitHub with a key of GitLab alone',
      'hosts:\n  - { id: hub, kind: github, app: { id: 1, privateKey: "file:/run/secrets/hook" }, webhookSecrets: ["file:/run/secrets/hook"], repositories: ["acme/*"], tokens: x }\n',
      ['modelgate.yaml:2:154 hosts[0].tokens: is no setting; did you mean "token"?'],
    ],
    [
      'a GitHub that is nobody',
      'hosts:\n  - { id: hub, kind: github, webhookSecrets: ["file:/run/secrets/hook"], repositories: ["acme/*"] }\n',
      [
        'modelgate.yaml:2:5 hosts[0]: has neither app nor token; expected app with id and privateKey, or token',
      ],
    ],
    [
      'a GitHub that is two',
      'hosts:\n  - { id: hub, kind: github, token: "file:/run/secrets/hook", app: { id: 1, privateKey: "file:/run/secrets/hook" }, webhookSecrets: ["file:/run/secrets/hook"], repositories: ["acme/model"] }\n',
      ['modelgate.yaml:2:5 hosts[0]: has app and token; expected one of them'],
    ],
    [
      'a token with a pattern of repositories',
      'hosts:\n  - { id: hub, kind: github, token: "file:/run/secrets/hook", webhookSecrets: ["file:/run/secrets/hook"], repositories: ["acme/model", "acme/*"] }\n',
      [
        'modelgate.yaml:2:136 hosts[0].repositories[1]: "acme/*" is no path of one repository; with token, expected paths such as acme/model (patterns need app)',
      ],
    ],
    [
      'a pattern with leading slash',
      host.replace('["ml/*"]', '[/ml/*]'),
      [
        'modelgate.yaml:7:20 hosts[0].repositories[0]: is "/ml/*"; expected a path pattern without leading slash, * within a segment, ** across them, for example ml/*',
      ],
    ],
    [
      'a pattern that is no list',
      host.replace('["ml/*"]', 'ml/*'),
      [
        'modelgate.yaml:7:19 hosts[0].repositories: has a wrong value; expected a list of path patterns, for example ["ml/*"]',
      ],
    ],
    ...[
      'https://ghe.example.com/api/v3',
      'https://api.github.com',
      'https://api.github.com/',
      'https://api.acme.ghe.com',
    ].map((url): [string, string, readonly string[]] => [
      `the address of an API, ${url}`,
      `hosts:\n  - { id: hub, kind: github, url: "${url}", token: "\${GITLAB_TOKEN}", webhookSecrets: ["file:/run/secrets/hook"], repositories: ["acme/model"] }\n`,
      [
        "modelgate.yaml:2:35 hosts[0].url: is the address of the host's API; expected the address that people open, https://github.com or that of an Enterprise Server such as https://ghe.example.com, without /api/v3, for example https://github.com",
      ],
    ]),
    [
      'a wait after which everything is stuck',
      'gate: { stuckAfter: 0s }',
      [
        'modelgate.yaml:1:21 gate.stuckAfter: is "0s"; expected a duration of at least 1m, with its unit (ms, s, m, h, d), for example 10m',
      ],
    ],
    [
      'two hosts with one id',
      host + host.replace('hosts:\n', ''),
      ['modelgate.yaml:8:9 hosts[1].id: is the id of another host too ("corp"); expected one for each'],
    ],
    [
      'a password in the address of Redis',
      'redis: { url: "redis://:hunter2@redis" }',
      [
        'modelgate.yaml:1:15 redis.url: holds a password, and files are shared and kept; give it as a variable, for example redis://:${REDIS_PASSWORD}@redis:6379/0',
      ],
    ],
    [
      'credentials that are no word',
      'remotes: [{ url: s3://abc, repositories: [b], credentials: nobody }]',
      [
        'modelgate.yaml:1:60 remotes[0].credentials: is "nobody"; expected default, anonymous, or the group accessKeyId, secretAccessKey, sessionToken',
      ],
    ],
    [
      'credentials with a misspelt key',
      'remotes: [{ url: s3://abc, repositories: [b], credentials: { accessKeyId: "${GITLAB_TOKEN}", secretAcessKey: "file:/k" } }]',
      [
        'modelgate.yaml:1:47 remotes[0].credentials.secretAccessKey: is missing; expected ${NAME} or file:/path, for example file:/run/secrets/name',
        'modelgate.yaml:1:94 remotes[0].credentials.secretAcessKey: is no setting; did you mean "secretAccessKey"?',
      ],
    ],
    [
      'an address of data that is none',
      'remotes: [{ url: ftp://a, repositories: [b] }]',
      [
        'modelgate.yaml:1:18 remotes[0].url: has a wrong value; expected the address of a data remote (s3, gs, azure, http, https, or an absolute path) without credentials, "..", "//" and "%", for example s3://team-data/dvc/',
      ],
    ],
    [
      'an address of data that could mean another place, and a bucket that none can be called',
      'remotes: [{ url: s3://abc/a/../b, repositories: [b] }, { url: s3://a, repositories: [b] }]',
      [
        'modelgate.yaml:1:18 remotes[0].url: has a wrong value; expected the address of a data remote (s3, gs, azure, http, https, or an absolute path) without credentials, "..", "//" and "%", for example s3://team-data/dvc/',
        'modelgate.yaml:1:63 remotes[1].url: names a bucket that cannot exist (3 to 63 letters, digits, dots, dashes and underscores); expected the address of a data remote (s3, gs, azure, http, https, or an absolute path) without credentials, "..", "//" and "%", for example s3://team-data/dvc/',
      ],
    ],
    [
      'a region that is none',
      'remotes: [{ url: s3://abc, repositories: [b], region: Frankfurt }]',
      [
        'modelgate.yaml:1:55 remotes[0].region: is "Frankfurt"; expected the name of a region in lower-case letters, digits and dashes, for example eu-central-1',
      ],
    ],
    [
      'an environment with a bad name',
      'environments: { Prod: { repositories: [a] } }',
      [
        'modelgate.yaml:1:17 environments.Prod: is no name; expected lower-case letters, digits and dashes, for example prod',
      ],
    ],
    [
      'an unknown key in an environment',
      'environments: { prod: { repositories: [a], kubflow: {} } }',
      ['modelgate.yaml:1:44 environments.prod.kubflow: is no setting; did you mean "kubeflow"?'],
    ],
    [
      'a limit of zero',
      'limits: { fileBytes: 0 }',
      [
        'modelgate.yaml:1:22 limits.fileBytes: is "0"; expected a size in bytes, or with its unit (kB, MB, GB, KiB, MiB, GiB), for example 5MiB',
      ],
    ],
  ])('%s — told with place, expectation and example', (_title, yaml, expected) => {
    expect(problems(yaml, { env: { ...env, SHORT: 'abcde' } })).toEqual(expected);
  });

  test('a wrong variable of the environment — named instead of a place', () => {
    expect(problems(undefined, { env: { MODELGATE_LISTEN_PORT: 'x' } })).toEqual([
      'MODELGATE_LISTEN_PORT listen.port: is wrong once its variables are filled in; expected a whole number from 0 to 65535, for example 8080',
    ]);
    expect(problems(undefined, { env: { REDIS_URL: 'http://x' } })).toEqual([
      'REDIS_URL redis.url: is wrong once its variables are filled in; expected a redis, rediss or unix address, for example redis://:${REDIS_PASSWORD}@redis:6379/0',
    ]);
  });

  test('many problems — all told at once, in the order of the file', () => {
    const lines = problems('log: { level: x }\nlisten: { port: x }\nzzz: 1\ngate: { concurrency: x }');

    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'modelgate.yaml:1:15',
      'modelgate.yaml:2:17',
      'modelgate.yaml:3:1',
      'modelgate.yaml:4:22',
    ]);
  });

  test.each<[string, string, RegExp]>([
    ['broken YAML', 'listen: [', /^modelgate\.yaml:\d+:\d+ not valid YAML/],
    [
      'an unquoted variable in brackets',
      'hosts:\n  - { id: corp, token: ${T} }',
      /^modelgate\.yaml:2:\d+ not valid YAML: .*inside \[ \] and \{ \} a variable is quoted: "\$\{NAME\}"$/,
    ],
    ['a key twice', 'log: {}\nlog: {}', /^modelgate\.yaml:2:1 the key "log" is here a second time/],
    [
      'two documents',
      'log: {}\n---\nlog: {}',
      /^modelgate\.yaml:\d:1 a second document starts here; expected one$/,
    ],
    ['a list', '- a', /^modelgate\.yaml:1:1 expected settings such as listen: and hosts:/],
    ['deep nesting', '['.repeat(5000), /^modelgate\.yaml:1:\d+ /],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]`)
        .join('\n')}`,
      /^modelgate\.yaml:/,
    ],
    ['a conflict', '<<<<<<< a\nlog: {}\n=======\nlisten: {}\n>>>>>>> b\n', /^modelgate\.yaml:1:1 /],
    [
      'a key of JavaScript',
      '__proto__: { port: 1 }\nconstructor: 1',
      /^modelgate\.yaml:1:1 __proto__: is no setting/,
    ],
  ])('%s — told with its place', (_title, yaml, expected) => {
    expect(problems(yaml)[0]).toMatch(expected);
  });

  test('any YAML — a configuration or a UserError, never a secret in it', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom('hunter2-hunter2', '${SECRET}', 'file:/x', '30s', '5MiB', 'corp'),
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.integer(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'hosts',
            'id',
            'token',
            'url',
            'listen',
            'port',
            'redis',
            'credentials',
            'limits',
            'x',
          ),
          tie('any'),
          { maxKeys: 4 },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(value, (plain) => {
        const message = problems(JSON.stringify(plain), {
          env: { SECRET: 'secret-of-the-environment' },
        }).join();

        expect(message).not.toContain('secret-of-the-environment');
      }),
      { numRuns: 500 },
    );
  });
});

describe('configuration — an environment', () => {
  const environment = (more: string): string =>
    `environments:\n  prod: { repositories: ["ml/*"], ${more} }\n`;
  const store = 'stores: [{ url: "s3://models/" }]';

  test.each([
    [`publish: s3://models/serving/, handover: s3://models/handover/, ${store}`],
    ['publish: s3://models/serving/'],
    ['branches: ["release/*", "prod_EU"]'],
    ['kubeflow: { url: "http://ml-pipeline:8888/pipeline", namespace: ml }'],
  ])('%s — is taken', (more) => {
    expect(load(environment(more)).config.environments['prod']?.repositories).toEqual(['ml/*']);
  });

  test.each([
    [`publish: s3://other/serving/, ${store}`, 'prod.publish: lies in none of the stores'],
    [`publish: s3://models-too/, ${store}`, 'prod.publish: lies in none of the stores'],
    [`publish: s3://models/a/, handover: s3://other/, ${store}`, 'prod.handover: lies in none of the stores'],
    ['publish: gs://models/serving/', 'prod.publish: is no place that can be written to'],
    [
      'kubeflow: { url: "http://k:8888/apis/v2beta1", namespace: ml }',
      'prod.kubeflow.url: ends in the path of the API',
    ],
    [
      'kserve: { namespace: s, services: [a], kubeconfig: /k, cluster: { url: "https://c" } }',
      'prod.kserve.cluster: stands beside kubeconfig',
    ],
    ['branches: ["a b"]', 'prod.branches'],
  ])('%s — is refused at the start', (more, words) => {
    expect(() => load(environment(more))).toThrow(words);
  });
});

describe('configuration — signing in to the pages', () => {
  const signIn = '  signIn: [{ host: corp, clientId: modelgate, clientSecret: "${CLIENT_SECRET}" }]\n';
  const variables = { ...env, CLIENT_SECRET: 'gloas-secret' };
  const publicUrl = 'listen: { host: 0.0.0.0, publicUrl: "https://modelgate.example.com" }\n';
  const proxy =
    '  proxy: { header: X-Forwarded-User, host: corp, trusted: [10.0.0.5, 10.1.0.0/28, "fd00::/8"] }\n';

  test('everything that there is — is taken, and the secret is registered', () => {
    const yaml = `${host}${publicUrl}pages:\n${signIn}${proxy}  operators: [alice@corp]\n`;
    const { config, secrets } = load(yaml, { env: variables });

    expect(config.pages).toMatchObject({
      signIn: [{ host: 'corp', clientId: 'modelgate' }],
      proxy: { header: 'x-forwarded-user', host: 'corp', trusted: ['10.0.0.5', '10.1.0.0/28', 'fd00::/8'] },
      operators: ['alice@corp'],
    });
    expect(secrets).toContain('gloas-secret');
    expect(JSON.stringify(config)).not.toContain('gloas-secret');
  });

  test.each([
    ['on this machine, without a public address', ''],
    ['on this machine, with one of its names', 'listen: { publicUrl: "http://localhost:8080" }\n'],
    ['with an https address', publicUrl],
  ])('%s — is taken', (_where, listen) => {
    expect(problems(`${host}${listen}pages:\n${signIn}`, { env: variables })).toEqual([]);
  });

  const wanted =
    'expected, for people to sign in, the https address of this server, for example https://modelgate.example.com';
  test.each<[string, string, string]>([
    [
      'no public address',
      `listen: { host: 0.0.0.0 }\npages:\n${signIn}`,
      `listen.publicUrl: is missing; ${wanted}`,
    ],
    [
      'a public address without encryption',
      `listen: { publicUrl: "http://modelgate.example.com" }\npages:\n${signIn}`,
      `listen.publicUrl: is an http address, on which cookies can be read on the way; ${wanted}`,
    ],
    [
      'a public address with a path',
      `listen: { publicUrl: "https://example.com/modelgate" }\npages:\n${proxy}`,
      `listen.publicUrl: has a path, and pages are served without one; ${wanted}`,
    ],
    [
      'another host',
      `${publicUrl}pages:\n${signIn.replace('corp', 'crop')}`,
      'pages.signIn[0].host: is "crop", which is the id of none of the hosts; did you mean "corp"?',
    ],
    [
      'another host, behind the proxy',
      `${publicUrl}pages:\n${proxy.replace('corp', 'elsewhere')}`,
      'pages.proxy.host: is "elsewhere", which is the id of none of the hosts; expected one of corp',
    ],
    [
      'a host twice',
      `${publicUrl}pages:\n${signIn.replace(']', ', { host: corp, clientId: b, clientSecret: "${CLIENT_SECRET}" }]')}`,
      'pages.signIn[1].host: is here twice ("corp"); expected one for each host',
    ],
    [
      'a secret in the file',
      `${publicUrl}pages:\n${signIn.replace('${CLIENT_SECRET}', 'gloas-secret')}`,
      'pages.signIn[0].clientSecret: is not written here, because files are shared and kept; expected ${NAME} or file:/path, for example file:/run/secrets/name',
    ],
    [
      'an operator of nowhere',
      `${publicUrl}pages:\n${signIn}  operators: [alice@corp, bob@hub]\n`,
      'pages.operators[1]: is somebody of "hub", with which nobody can sign in; add it to pages.signIn, or name it in pages.proxy',
    ],
    [
      'an operator without host',
      `${publicUrl}pages:\n${signIn}  operators: [alice]\n`,
      'pages.operators[0]: is "alice"; expected a user name, @, and the id of a host, for example alice@corp',
    ],
    [
      'a proxy that is everybody',
      `${publicUrl}pages:\n${proxy.replace('10.1.0.0/28', '0.0.0.0/0')}`,
      'pages.proxy.trusted[1]: is everybody; expected an IP address, or a network such as 10.1.0.0/28, for example 10.0.0.5',
    ],
    [
      'a proxy that is a network, or not',
      `${publicUrl}pages:\n${proxy.replace('10.1.0.0/28', '10.0.0.5/8')}`,
      'pages.proxy.trusted[1]: is an address in the network 10.0.0.0/8, written with the size of that network; expected an IP address, or a network such as 10.1.0.0/28, for example 10.0.0.5',
    ],
    [
      'a proxy of IPv6 that is a network, or not',
      `${publicUrl}pages:\n${proxy.replace('10.1.0.0/28', 'fd12:3456::7:1/36')}`,
      'pages.proxy.trusted[1]: is an address in the network fd12:3456::/36, written with the size of that network; expected an IP address, or a network such as 10.1.0.0/28, for example 10.0.0.5',
    ],
    [
      'a proxy that is nobody',
      `${publicUrl}pages:\n${proxy.replace(/trusted: .*]/, 'trusted: []')}`,
      'pages.proxy.trusted: is empty; expected at least one address, for example ["10.0.0.5"]',
    ],
    [
      "a header of browsers'",
      `${publicUrl}pages:\n${proxy.replace('X-Forwarded-User', 'Cookie')}`,
      'pages.proxy.header: is "Cookie"; expected the name of a header of the proxy\'s own, for example x-forwarded-user',
    ],
  ])('%s — is told with its place', (_what, yaml, problem) => {
    const [line = '', ...more] = problems(`${host}${yaml}`, { env: variables });
    expect([line.replace(/^modelgate\.yaml:\d+:\d+ /, ''), more]).toEqual([problem, []]);
    expect(line).not.toBe(problem);
  });

  test.each([
    '10.0.0.256',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'proxy.example.com',
    '/8',
  ])('the proxy is %s — which is no address', (trusted) => {
    const yaml = `${host}${publicUrl}pages:\n${proxy.replace('10.0.0.5', `"${trusted}"`)}`;
    expect(problems(yaml, { env: variables })).toEqual([
      expect.stringContaining('pages.proxy.trusted[0]: is '),
    ]);
  });

  test.each(['10.0.0.0/8', '10.0.0.5/32', '::1', 'FD00::/8', '::ffff:10.0.0.0/104', 'fe80::1/128'])(
    'the proxy is %s — which is taken',
    (trusted) => {
      const yaml = `${host}${publicUrl}pages:\n${proxy.replace('10.0.0.5', `"${trusted}"`)}`;
      expect(load(yaml, { env: variables }).config.pages.proxy?.trusted[0]).toBe(trusted);
    },
  );
});
