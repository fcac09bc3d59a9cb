import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKeys, rowOfKey } from '../../src/adapters/redis/keys.ts';
import { createReleaseStore } from '../../src/adapters/redis/release-store.ts';
import { runJobs } from '../../src/cli/jobs.ts';
import { runRelease } from '../../src/cli/release.ts';
import { UserError } from '../../src/errors.ts';
import type { ReleaseStore } from '../../src/ports/release-store.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import {
  sampleFailed,
  sampleLine,
  sampleRelease,
  sampleReleased,
  sampleReleaseLine,
  sampleTask,
  sampleTraining,
} from '../support/sample-release.ts';
import { sampleSha } from '../support/sample-run.ts';

const held = {
  at: '2026-05-04T10:09:00.000Z',
  actor: 'modelgate',
  reason: 'Argo CD owns the service',
  remedy: 'Ask its owner.',
};
let redis: TestRedis;
let root: string;
let store: ReleaseStore;

beforeAll(async () => {
  redis = await startRedis();
  store = createReleaseStore(redis.client, createKeys('modelgate'));
  root = await mkdtemp(join(tmpdir(), 'modelgate-release-'));
  const file = `
hosts:
  - { id: corp, kind: gitlab, url: "https://gitlab.example.com", token: "\${TOKEN}", webhookSecrets: ["\${SECRET}"], repositories: ["ml/*"] }
environments:
  prod:
    repositories: ["ml/*"]
    kubeflow: { url: "http://ml-pipeline:8888", namespace: ml, ui: "https://kubeflow.example.com/pipeline/" }
`;
  await writeFile(join(root, 'modelgate.yaml'), file);
});
beforeEach(() => redis.flush());
afterAll(async () => {
  await redis.close();
  await rm(root, { recursive: true, force: true });
});

async function run(args: readonly string[], command = runRelease) {
  let out = '';
  const terminal = {
    env: {
      REDIS_URL: redis.url,
      TOKEN: 'glpat-a-token-of-the-test',
      SECRET: 'a-secret-of-the-test',
      USER: 'ops',
      MODELGATE_CONFIG: join(root, 'modelgate.yaml'),
    },
    cwd: root,
    home: root,
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: (text: string) => void (out += text) },
    stop: new AbortController().signal,
  };
  const code = await command(args, terminal);
  return { code, out };
}

/** What a command that is refused says. */
async function refusal(args: readonly string[]): Promise<string> {
  const thrown: unknown = await run(args).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof UserError)) throw new Error('it was not refused');
  return `${thrown.message}\n${thrown.remedy}`;
}

describe('modelgate release list', () => {
  test('nothing — listed — says when there is something', async () => {
    expect(await run([])).toEqual({ code: 0, out: expect.stringMatching(/^Nothing was released yet/) });
  });

  test('lines and releases — listed — tell what is under way, waits, is held and serves', async () => {
    await store.saveRelease(
      sampleReleased({ id: 'aaaa1111', began: '2026-05-04T09:00:00.000Z', commit: sampleSha('1') }),
    );
    await store.saveRelease(
      sampleRelease({ id: 'bbbb2222', phase: 'train', training: sampleTraining(), branch: 'main\u001b[2J' }),
    );
    const candidate = { branch: 'main', attempt: 1 };
    await store.saveLine(
      sampleReleaseLine({
        released: {
          commit: sampleSha('1'),
          releaseId: 'aaaa1111',
          at: '2026-05-04T09:12:00.000Z',
          metrics: {},
        },
        active: { ...candidate, commit: sampleSha('3') },
        waiting: { ...candidate, commit: sampleSha('4'), attempt: 2 },
        branch: 'main\u001b[2J',
      }),
    );
    await store.saveLine(sampleReleaseLine({ line: { ...sampleLine, environment: 'staging' }, hold: held }));

    const { code, out } = await run(['list']);
    expect(code).toBe(0);
    const lines = out.replace(/(?<=corp\/12\/prod {2}).*ago/g, 'long ago').split('\n');
    expect(lines.filter((line) => !line.startsWith('RELEASE'))).toEqual([
      'corp/12/prod  ml/auto-mpg, branch main\\u001b[2J',
      '  under way: 33333333, training: 3 of 5 tasks done',
      '  waiting: 44444444, attempt 2, waits: the release of 33333333 is under way',
      '  in production: 11111111 since 2026-05-04 09:12:00 UTC',
      'corp/12/staging  ml/auto-mpg, branch main',
      '  HELD since 2026-05-04 10:09:00 UTC by modelgate: Argo CD owns the service',
      '    Ask its owner.',
      '  nothing in production yet',
      '',
      'bbbb2222  33333333  corp/12/prod  long ago  training: 3 of 5 tasks done',
      'aaaa1111  11111111  corp/12/prod  long ago  released: auto-mpg serves 11111111',
      '',
    ]);
    const json: unknown = JSON.parse((await run(['list', '--json'])).out);
    expect(json).toMatchObject({
      lines: [{ rev: 1 }, { rev: 1 }],
      releases: [{ id: 'bbbb2222' }, { id: 'aaaa1111' }],
    });
  });
});

describe('modelgate release show', () => {
  test.each([
    ['failed', sampleFailed()],
    ['released', sampleReleased()],
    [
      'hostile',
      sampleFailed({
        reason: 'a\u001b[2J\nb',
        training: sampleTraining({
          state: 'failed',
          tasks: [sampleTask('x\u202e', { state: 'failed', logTail: ['\u001b]0;title\u0007 gone'] })],
        }),
      }),
    ],
  ])('%s — shown — reads as the golden file', async (name, release) => {
    await store.saveRelease(release);
    const { code, out } = await run(['show', '3333']);
    expect(code).toBe(0);
    await expect(out).toMatchFileSnapshot(`golden/release-${name}.txt`);
    // eslint-disable-next-line no-control-regex -- nothing of a record steers the terminal
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const json: unknown = JSON.parse((await run(['show', '3333', '--json'])).out);
    expect(json).toMatchObject({
      release: { id: release.id },
      runUrl: expect.stringMatching(/pipeline\/#\/runs\/details\/5f1d/),
    });
  });
});

describe('deeds', () => {
  test('retry — of a failed release — waits as its next attempt, and its job is in the queue', async () => {
    await store.saveRelease(sampleFailed());
    await store.saveLine(sampleReleaseLine());
    const { code, out } = await run(['retry', '3333', '--reason', 'the node was lost']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^Attempt 2 at 33333333 begins as soon as/)]);
    expect((await store.loadLine(sampleLine))?.waiting).toMatchObject({ attempt: 2 });
    expect(await redis.client.llen('modelgate:queue:release:wait')).toBe(1);
    expect((await run(['audit'], runJobs)).out).toMatch(
      /ops at a terminal {2}retry release {2}e{24} {2}the node was lost$/m,
    );
    expect(await refusal(['retry', '3333'])).toContain('attempt 2 at 33333333 is under way, or waits');
    const names = await redis.client.keys('*');
    expect(names.filter((name) => rowOfKey('modelgate', name) === undefined)).toEqual([]);
  });

  test('hold, hold again, resume, resume again — say what holds', async () => {
    await store.saveLine(sampleReleaseLine());
    expect(await run(['hold', 'prod', '--reason', 'the cluster is upgraded'])).toEqual({
      code: 0,
      out: 'Held: nothing begins there, and nothing more is done for what is under way, until modelgate release resume prod.\n',
    });
    const again = await run(['hold', 'prod', '--reason', 'other']);
    expect(again.code).toBe(1);
    expect(again.out).toContain('It is held already, by ops at a terminal: the cluster is upgraded\n');
    expect(await run(['resume', 'corp/12/prod'])).toEqual({
      code: 0,
      out: 'The line corp/12/prod goes on.\n',
    });
    expect(await refusal(['resume', 'prod'])).toContain('is not held');
  });

  test('a held release — resumed as JSON — names it', async () => {
    await store.saveRelease(sampleRelease({ hold: held }));
    const { out } = await run(['resume', '3333', '--json']);
    expect(JSON.parse(out)).toEqual({ line: sampleLine, releaseId: 'e'.repeat(24) });
    expect(await store.loadRelease('e'.repeat(24))).toMatchObject({
      intents: { resumed: expect.any(String) },
    });
  });
});

describe('wrong use', () => {
  test.each([
    [['retry'], 'retry needs a RELEASE'],
    [['show', ' '], 'show needs a RELEASE'],
    [['hold', '--reason', 'x'], 'hold needs a LINE'],
    [['hold', 'prod'], 'a hold needs a reason'],
    [['hold', 'prod', '--reason', '  '], 'a hold needs a reason'],
    [['list', 'prod'], 'this is no action: list prod'],
    [['retry', '3333', '4444'], 'this is no action'],
    [['rollback', '3333'], 'this is no action: rollback 3333'],
    [['toString'], 'this is no action: toString'],
    [['show', 'cafe'], 'there is no release "cafe"'],
    [['hold', 'live', '--reason', 'x'], 'there is no line "live"'],
  ])('%j — is refused — %s', async (args, words) => {
    expect(await refusal(args)).toContain(words);
  });

  test('--help — names every action', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const action of ['list', 'show', 'retry', 'hold', 'resume'])
      expect(out).toMatch(new RegExp(`^  ${action} `, 'm'));
  });
});
