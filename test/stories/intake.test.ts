import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, storySecrets, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

const head = 'a'.repeat(40);

function hookOf(path: string, kind = 'merge_request'): Readonly<Record<string, unknown>> {
  const project = { id: 4711, path_with_namespace: path };
  return {
    object_kind: kind,
    project,
    object_attributes: { iid: 1, action: 'open', last_commit: { id: head } },
  };
}

describe('what comes in', () => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld({ hook: 'signature' })));
  afterAll(() => world.close());

  async function post(body: string, headers: Readonly<Record<string, string>>): Promise<number> {
    const all = { 'content-type': 'application/json', ...headers };
    return (await fetch(`${world.url()}/webhooks/gitlab`, { method: 'POST', headers: all, body })).status;
  }

  function signed(
    body: string,
    how: { readonly key?: string; readonly id?: string; readonly ageSeconds?: number } = {},
  ) {
    const key = how.key ?? storySecrets.SIGNING_TOKEN;
    const id = how.id ?? `id-${Math.random().toString(36).slice(2)}`;
    const timestamp = String(Math.floor(Date.now() / 1000) - (how.ageSeconds ?? 0));
    const bytes = Buffer.from(key.slice('whsec_'.length), 'base64');
    const mac = createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
  }

  const token = { 'x-gitlab-token': storySecrets.HOOK_SECRET };
  const known = JSON.stringify(hookOf('ml/other'));
  const foreignKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

  test('a signed delivery of the real sender — is judged', async () => {
    const change = await world.propose('signed', { 'NOTES.md': 'signed\n' });

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 0 });
    expect(world.gitlab.deliveries.map(({ responseStatus }) => responseStatus)).not.toContain(401);
  });

  test.each<[string, number, () => Promise<number>]>([
    ['accepted: a signature', 202, () => post(known, signed(known))],
    ['accepted: a secret token', 202, () => post(known, token)],
    [
      'accepted: a clock that is four minutes off',
      202,
      () => post(known, signed(known, { ageSeconds: 240 })),
    ],
    ['accepted: a delivery of a repository that GitLab no longer has', 202, () => post(known, signed(known))],
    ['ignored: an unknown repository', 200, () => post(JSON.stringify(hookOf('other/repository')), token)],
    [
      'ignored: an unknown kind of event',
      200,
      () => post(JSON.stringify(hookOf('ml/other', 'wiki_page')), token),
    ],
    ['refused: nothing to prove it', 401, () => post(known, {})],
    ['refused: a wrong secret token', 401, () => post(known, { 'x-gitlab-token': 'never-logged' })],
    ['refused: an empty secret token', 401, () => post(known, { 'x-gitlab-token': '' })],
    [
      'refused: a signing token as secret token',
      401,
      () => post(known, { 'x-gitlab-token': storySecrets.SIGNING_TOKEN }),
    ],
    ['refused: a signature with another key', 401, () => post(known, signed(known, { key: foreignKey }))],
    ['refused: a signature of another body', 401, () => post(known, signed(`${known} `))],
    ['refused: a signature ten minutes old', 401, () => post(known, signed(known, { ageSeconds: 600 }))],
    [
      'refused: a signature of ten minutes from now',
      401,
      () => post(known, signed(known, { ageSeconds: -600 })),
    ],
    [
      'refused: a wrong signature beside the right token',
      401,
      () => post(known, { ...token, ...signed('x') }),
    ],
    [
      'refused: another instance of GitLab',
      401,
      () => post(known, { ...token, 'x-gitlab-instance': 'https://evil.example' }),
    ],
    ['malformed: no JSON', 202, () => post('{"never-logged":', signed('{"never-logged":'))],
    ['malformed: JSON that is no hook', 202, () => post('["never-logged"]', signed('["never-logged"]'))],
    ['malformed: an empty body', 202, () => post('{}', signed('{}'))],
  ])('%s — %i', async (_name, expected, send) => {
    expect(await send()).toBe(expected);
  });

  test('a duplicate — 200 the second time', async () => {
    const headers = signed(known, { id: 'twice' });
    expect([await post(known, headers), await post(known, headers)]).toEqual([202, 200]);
  });

  test('a host that is not configured — 404', async () => {
    const response = await fetch(`${world.url()}/webhooks/other`, {
      method: 'POST',
      headers: token,
      body: '{}',
    });
    expect(response.status).toBe(404);
  });

  test('a body of 24 MiB — is read; one of 30 MiB — 413', async () => {
    const padded = (mib: number): string =>
      JSON.stringify({ ...hookOf('ml/other'), pad: 'x'.repeat(mib * 1024 * 1024) });
    expect(await post(padded(24), token)).toBe(202);
    expect(await post(padded(30), token)).toBe(413);
  });

  test('Redis is away — 503, soon; back again — accepted', async () => {
    await world.redis.stop();
    const began = Date.now();
    expect(await post(known, signed(known))).toBe(503);
    expect(Date.now() - began).toBeLessThan(2500);
    await world.redis.start();
    await expect.poll(() => post(known, signed(known)), { timeout: 10_000 }).toBe(202);
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
