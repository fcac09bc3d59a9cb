import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gitlabSecrets, signedByGitlab } from '../support/hosts/gitlab-story-host.ts';
import { hookSecret, signedByGithub } from '../support/hosts/signed-by-github.ts';
import type { Posted } from '../support/hosts/story-host.ts';
import { createStoryWorld, everyHost, type HostKind, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

type Row = readonly [string, number, (world: StoryWorld) => Posted];

const token = { 'x-gitlab-token': gitlabSecrets.HOOK_SECRET };
const foreignKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const known = (world: StoryWorld): string => world.host.webhook('ml/other').body;

const ofGitlab: readonly Row[] = [
  ['accepted: a signature', 202, (world) => world.host.webhook('ml/other')],
  ['accepted: a secret token', 202, (world) => ({ body: known(world), headers: token })],
  ['accepted: a clock that is four minutes off', 202, (world) => signed(known(world), { ageSeconds: 240 })],
  ['ignored: an unknown repository', 200, (world) => world.host.webhook('other/repository')],
  [
    'ignored: an unknown kind of event',
    200,
    (world) => ({ body: known(world).replace('merge_request', 'wiki_page'), headers: token }),
  ],
  ['refused: nothing to prove it', 401, (world) => ({ body: known(world), headers: {} })],
  [
    'refused: a wrong secret token',
    401,
    (world) => ({ body: known(world), headers: { 'x-gitlab-token': 'never-logged' } }),
  ],
  [
    'refused: an empty secret token',
    401,
    (world) => ({ body: known(world), headers: { 'x-gitlab-token': '' } }),
  ],
  [
    'refused: a signing token as secret token',
    401,
    (world) => ({ body: known(world), headers: { 'x-gitlab-token': gitlabSecrets.SIGNING_TOKEN } }),
  ],
  ['refused: a signature with another key', 401, (world) => signed(known(world), { key: foreignKey })],
  [
    'refused: a signature of another body',
    401,
    (world) => ({ ...signed(`${known(world)} `), body: known(world) }),
  ],
  ['refused: a signature ten minutes old', 401, (world) => signed(known(world), { ageSeconds: 600 })],
  [
    'refused: a signature of ten minutes from now',
    401,
    (world) => signed(known(world), { ageSeconds: -600 }),
  ],
  [
    'refused: a wrong signature beside the right token',
    401,
    (world) => ({ body: known(world), headers: { ...token, ...signedByGitlab('x') } }),
  ],
  [
    'refused: another instance of GitLab',
    401,
    (world) => ({
      body: known(world),
      headers: { ...token, 'x-gitlab-instance': 'https://evil.example' },
    }),
  ],
  ['malformed: no JSON', 202, () => signed('{"never-logged":')],
  ['malformed: JSON that is no hook', 202, () => signed('["never-logged"]')],
  ['malformed: an empty body', 202, () => signed('{}')],
];

const ofGithub: readonly Row[] = [
  ['accepted: a signature', 202, (world) => world.host.webhook('ml/other')],
  ['ignored: an unknown repository', 200, (world) => world.host.webhook('other/repository')],
  [
    'ignored: an unknown kind of event',
    200,
    (world) => ({ body: known(world), headers: signedByGithub('gollum', known(world)) }),
  ],
  ['ignored: a ping', 200, (world) => world.host.ping(hookSecret)],
  [
    'refused: nothing to prove it',
    401,
    (world) => ({ body: known(world), headers: { 'x-github-event': 'pull_request' } }),
  ],
  [
    'refused: the secret itself instead of a signature',
    401,
    (world) => ({ body: known(world), headers: { 'x-hub-signature-256': hookSecret } }),
  ],
  [
    'refused: a signature with another secret',
    401,
    (world) => ({
      body: known(world),
      headers: signedByGithub('pull_request', known(world), { secret: 'never-logged' }),
    }),
  ],
  [
    'refused: a signature of another body',
    401,
    (world) => ({ ...world.host.webhook('ml/another'), body: known(world) }),
  ],
  [
    'refused: another GitHub',
    401,
    (world) => {
      const { body, headers } = world.host.webhook('ml/other');
      return { body, headers: { ...headers, 'x-github-enterprise-host': 'evil.example' } };
    },
  ],
  ['malformed: no JSON', 202, () => hubbed('{"never-logged":')],
  ['malformed: JSON that is no hook', 202, () => hubbed('["never-logged"]')],
  ['malformed: an empty body', 202, () => hubbed('{}')],
  [
    'malformed: no kind of event',
    202,
    (world) => {
      const { body, headers } = world.host.webhook('ml/other');
      return { body, headers: { 'x-hub-signature-256': headers['x-hub-signature-256'] ?? '' } };
    },
  ],
];

const rows: Readonly<Record<HostKind, readonly Row[]>> = { gitlab: ofGitlab, github: ofGithub };

function signed(body: string, how: Parameters<typeof signedByGitlab>[1] = {}): Posted {
  return { body, headers: signedByGitlab(body, how) };
}

function hubbed(body: string): Posted {
  return { body, headers: signedByGithub('pull_request', body) };
}

describe.each(everyHost)('what comes in from $name', ({ host }) => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld({ host, gitlab: { hook: 'signature' } })));
  afterAll(() => world.close());

  async function post({ body, headers }: Posted, to: string = host): Promise<number> {
    const all = { 'content-type': 'application/json', ...headers };
    return (await fetch(`${world.url()}/webhooks/${to}`, { method: 'POST', headers: all, body })).status;
  }

  test('a signed delivery of the real sender — is judged', async () => {
    const change = await world.propose('signed', { 'NOTES.md': 'signed\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
    expect(world.host.deliveries().map(({ status }) => status)).not.toContain(401);
  });

  test.each(rows[host])('%s — %i', async (_name, expected, posted) => {
    expect(await post(posted(world))).toBe(expected);
  });

  test('a duplicate — 200 the second time', async () => {
    const twice = world.host.webhook('ml/other', { id: 'twice' });
    expect([await post(twice), await post(twice)]).toEqual([202, 200]);
  });

  test('a host that is not configured — 404', async () => {
    expect(await post(world.host.webhook('ml/other'), 'other')).toBe(404);
  });

  test('a body of 24 MiB — is read; one of 30 MiB — 413', async () => {
    const padded = (mib: number): Posted =>
      world.host.webhook('ml/other', { pad: 'x'.repeat(mib * 1024 * 1024) });
    expect(await post(padded(24))).toBe(202);
    expect(await post(padded(30))).toBe(413);
  });

  test('Redis is away — 503, soon; back again — accepted', async () => {
    await world.redis.stop();
    const began = Date.now();
    expect(await post(world.host.webhook('ml/other'))).toBe(503);
    expect(Date.now() - began).toBeLessThan(2500);
    await world.redis.start();
    await expect.poll(() => post(world.host.webhook('ml/other')), { timeout: 10_000 }).toBe(202);
  });

  test('starting — says what is to be said of Redis, and raises no false alarm', () => {
    const early = world.lines.slice(0, world.lines.findIndex((line) => line.includes('"listening"')) + 1);
    const said = early.filter((line) => line.includes('about redis'));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('redis keeps nothing over a restart of its own');
  });

  test('nothing of a refused or malformed delivery — is in the log', () => {
    expect(world.lines.join('')).not.toContain('never-logged');
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
