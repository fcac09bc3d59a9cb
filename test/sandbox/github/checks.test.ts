import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repository } from '../../../src/sandbox/github/state.ts';
import { mark, told } from './told.ts';
import { startTestWorld, type Got, type TestWorld } from './world.ts';

let world: TestWorld;
let sha: string;
let repository: Repository;
const repo = '/repos/acme/auto-mpg';

beforeAll(async () => {
  world = await startTestWorld();
  ({ repository } = world);
  sha = await world.github.commit(repository, 'feature', { 'a.txt': 'a\n' }, { message: 'A', as: 'dev' });
});

afterAll(() => world.close());

const annotation = {
  path: 'a.txt',
  start_line: 1,
  end_line: 1,
  annotation_level: 'failure',
  message: 'wrong',
};

async function create(fields: Readonly<Record<string, unknown>> = {}): Promise<Got> {
  return world.api('POST', `${repo}/check-runs`, { name: 'gate', head_sha: sha, ...fields });
}

async function change(id: number, fields: Readonly<Record<string, unknown>>): Promise<Got> {
  return world.api('PATCH', `${repo}/check-runs/${id}`, fields);
}

describe('check run', () => {
  test('created in progress, completed later — tells both, with the time of its end', async () => {
    const made = await create({ status: 'in_progress', external_id: 'run-1', details_url: 'https://gate/1' });
    expect(made).toMatchObject({
      status: 201,
      body: { status: 'in_progress', conclusion: null, external_id: 'run-1' },
    });
    const done = await change(made.body.id, { status: 'completed', conclusion: 'failure' });
    expect(done.body).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(done.body.completed_at).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('conclusion alone — completes it', async () => {
    expect((await create({ conclusion: 'success' })).body.status).toBe('completed');
  });

  test('completed — stays completed, and may still get a summary', async () => {
    const { body } = await create({ conclusion: 'success' });
    expect((await change(body.id, { status: 'in_progress' })).status).toBe(422);
    expect((await change(body.id, { output: { summary: 'more' } })).body.output.summary).toBe('more');
  });

  test('annotations — are added to those it has, 50 at a time', async () => {
    const { body } = await create({ status: 'in_progress' });
    const batch = Array.from({ length: 50 }, () => annotation);
    await change(body.id, { output: { title: 't', summary: 's', annotations: batch } });
    const second = await change(body.id, {
      output: { title: 't', summary: 's', annotations: batch.slice(0, 20) },
    });
    expect(second.body.output.annotations_count).toBe(70);
    const list = await world.api('GET', `${repo}/check-runs/${body.id}/annotations?per_page=60&page=2`);
    expect(list.body).toHaveLength(10);
  });

  const output = { title: 't', summary: 's' };
  const action = { label: 'Again', description: 'Once more', identifier: 'again' };
  const refused: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
    ['51 annotations', { output: { ...output, annotations: Array.from({ length: 51 }, () => annotation) } }],
    ['a summary of 65,536 characters', { output: { ...output, summary: 'x'.repeat(65_536) } }],
    ['a text of 65,536 characters', { output: { ...output, text: 'x'.repeat(65_536) } }],
    ['an output without a title', { output: { summary: 's' } }],
    ['an output without a summary', { output: { title: 't' } }],
    ['completed without a conclusion', { status: 'completed' }],
    ['an unknown conclusion', { conclusion: 'fine' }],
    ['the conclusion of the host', { conclusion: 'stale' }],
    ['an unknown status', { status: 'running' }],
    [
      'columns over several lines',
      { output: { ...output, annotations: [{ ...annotation, end_line: 2, start_column: 1 }] } },
    ],
    ['an end before its start', { output: { ...output, annotations: [{ ...annotation, start_line: 2 }] } }],
    ['line 0', { output: { ...output, annotations: [{ ...annotation, start_line: 0 }] } }],
    ['an absolute path', { output: { ...output, annotations: [{ ...annotation, path: '/a.txt' }] } }],
    [
      'a path out of the repository',
      { output: { ...output, annotations: [{ ...annotation, path: '../a.txt' }] } },
    ],
    [
      'an annotation title of 256',
      { output: { ...output, annotations: [{ ...annotation, title: 'x'.repeat(256) }] } },
    ],
    [
      'a message over 64 KB',
      { output: { ...output, annotations: [{ ...annotation, message: 'ä'.repeat(32_769) }] } },
    ],
    ['four actions', { actions: [action, action, action, action] }],
    ['a label of 21', { actions: [{ ...action, label: 'x'.repeat(21) }] }],
    ['an identifier of 21', { actions: [{ ...action, identifier: 'x'.repeat(21) }] }],
    ['a description of 41', { actions: [{ ...action, description: 'x'.repeat(41) }] }],
    ['an action without a description', { actions: [{ label: 'x', identifier: 'x' }] }],
    ['an address that is none', { details_url: 'gate/1' }],
    ['a commit that is not there', { head_sha: '1'.repeat(40) }],
  ];
  test.each(refused)('with %s — 422', async (_name, fields) => {
    const before = repository.checkRuns.length;
    expect((await create(fields)).status).toBe(422);
    expect(repository.checkRuns).toHaveLength(before);
  });

  test('at the limits — taken', async () => {
    const made = await create({
      output: {
        title: 't',
        summary: '€'.repeat(65_535),
        text: 'x'.repeat(65_535),
        annotations: [annotation],
      },
      actions: [{ label: 'x'.repeat(20), description: 'x'.repeat(40), identifier: 'x'.repeat(20) }],
    });
    expect(made.status).toBe(201);
  });

  test('of another App — is not changed', async () => {
    const { github, app } = world;
    const { permissions } = app;
    const publicKey = app.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const other = github.install(
      github.addApp({ slug: 'other', owner: 'acme', publicKey, permissions, events: [] }),
      'acme',
    );
    const { body } = await create();
    const token = github.installationToken(other);
    const got = await world.api('PATCH', `${repo}/check-runs/${body.id}`, { conclusion: 'success' }, token);
    expect(got.status).toBe(403);
    expect((await world.api('GET', `${repo}/check-runs/${body.id}`, undefined, token)).status).toBe(200);
  });
});

describe('check runs of a commit', () => {
  test('of one name — the newest is latest, all are kept, filters choose', async () => {
    const at = await world.github.commit(repository, 'filters', { 'f.txt': 'f\n' }, 'F');
    const first = (await create({ head_sha: at, conclusion: 'failure' })).body.id;
    const second = (await create({ head_sha: at })).body.id;
    const named = (await create({ head_sha: at, name: 'else' })).body.id;
    const ids = async (query: string): Promise<readonly number[]> =>
      (await world.api('GET', `${repo}/commits/${at}/check-runs?${query}`)).body.check_runs.map(
        (run: { id: number }) => run.id,
      );
    expect(await ids('')).toEqual([named, second]);
    expect(await ids('filter=all')).toEqual([named, second, first]);
    expect(await ids('filter=all&check_name=gate&status=completed')).toEqual([first]);
    expect(await ids(`app_id=${world.app.id}`)).toEqual([named, second]);
    expect(await ids('app_id=1')).toEqual([]);
    expect(await ids('filter=all&per_page=1&page=3')).toEqual([first]);
  });

  test('protection — expected until there is one, then the newest of that App decides', async () => {
    const { github, app } = world;
    github.protect(repository, 'main', { requiredChecks: [{ context: 'gate', app }] });
    const at = await github.commit(repository, 'protected', { 'p.txt': 'p\n' }, 'P');
    const state = (): unknown => github.protection(repository, 'main', at)[0]?.state;
    const seen = [state()];
    for (const fields of [
      { conclusion: 'success' },
      { status: 'in_progress' },
      { conclusion: 'failure' },
      { conclusion: 'neutral' },
    ]) {
      await create({ head_sha: at, ...fields });
      seen.push(state());
    }
    expect(seen).toEqual(['expected', 'passing', 'pending', 'failing', 'passing']);
    github.protect(repository, 'main', undefined);
  });

  test('a status and a check of one name — both must be green', async () => {
    const { github } = world;
    github.protect(repository, 'main', { requiredChecks: [{ context: 'gate' }] });
    const at = await github.commit(repository, 'both', { 'b.txt': 'b\n' }, 'B');
    await create({ head_sha: at, conclusion: 'success' });
    await world.api('POST', `${repo}/statuses/${at}`, { state: 'failure', context: 'GATE' });
    expect(github.protection(repository, 'main', at)).toEqual([{ context: 'gate', state: 'failing' }]);
    github.protect(repository, 'main', undefined);
  });

  test('of the head of a fork — taken, without pull requests and branch', async () => {
    const { github } = world;
    const fork = await github.fork(repository, { owner: 'dev' });
    const at = await github.commit(fork, 'theirs', { 'x.txt': 'x\n' }, 'X');
    const pull = await github.openPull(repository, { from: fork, head: 'theirs', as: 'dev' });
    const since = await mark(world);
    const made = await create({ head_sha: pull.headSha });
    expect(made).toMatchObject({ status: 201, body: { head_sha: at, pull_requests: [] } });
    const [event] = await told(world, 'check_run', since);
    expect(event.check_run.check_suite).toMatchObject({ head_branch: null, pull_requests: [] });
  });
});

describe('re-run and buttons', () => {
  test('told to the App that owns the run alone, the run stays as it is', async () => {
    const { github, receiver } = world;
    const actions = [{ label: 'Again', description: 'Once more', identifier: 'recheck' }];
    const { body } = await create({ conclusion: 'failure', actions });
    const run = github.checkRuns(repository, sha).find((entry) => entry.id === body.id);
    if (run === undefined) throw new Error('the run is gone');
    github.addHook(repository, { url: receiver.url });
    const since = await mark(world);
    await github.rerequest(run, { as: 'dev' });
    await github.clickAction(run, 'recheck', { as: 'dev' });
    await github.rerequestSuite(run.suite, { as: 'dev' });
    const runs = await told(world, 'check_run', since);
    expect(runs.map((entry) => entry.action)).toEqual(['rerequested', 'requested_action']);
    expect(await told(world, 'check_suite', since)).toMatchObject([{ action: 'rerequested' }]);
    expect(runs[1]).toMatchObject({
      requested_action: { identifier: 'recheck' },
      sender: { login: 'dev', type: 'User' },
    });
    expect(run).toMatchObject({ status: 'completed', conclusion: 'failure' });
    await expect(github.clickAction(run, 'other')).rejects.toThrow('no button other');
  });
});
