import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeRequest, Pipeline } from '../../src/sandbox/gitlab/state.ts';
import { createCiWorld, type CiWorld } from '../support/ci-world.ts';
import { gitlabSecrets, statusesOf } from '../support/hosts/gitlab-story-host.ts';
import { expectClean } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe('a project with CI', () => {
  let world: CiWorld;
  beforeAll(async () => void (world = await createCiWorld({ gitlab: { ciEnabled: true } })));
  afterAll(() => world.close());

  test('the status — is a part of the merge request’s own pipeline', async () => {
    const change = await world.proposeMerge('ci', {
      'd.csv.dvc': await world.track('d.csv', 'ci\n', 'pushed'),
    });

    await world.commitStatus(
      change,
      ({ status, pipeline }) => status === 'success' && pipeline.source === 'merge_request_event',
    );
    await world.settled();
    const [newest] = world.gitlab.pipelines(change);
    const visible = newest?.statuses.filter(({ name, retried }) => name === 'modelgate' && !retried);
    expect(visible).toMatchObject([{ status: 'success' }]);
    expect(newest?.status).toBe('success');
    expect(statusesOf(world.gitlab, change).filter(({ status }) => status === 'running')).toEqual([]);
  });

  test('another pipeline for the same head — has the status too', async () => {
    const change = await world.proposeMerge('again', {
      'd.csv.dvc': await world.track('d.csv', 'ci 2\n', 'pushed'),
    });
    await world.commitStatus(
      change,
      ({ status, pipeline }) => status === 'success' && pipeline.source === 'merge_request_event',
    );
    await world.settled();
    const first = world.gitlab.pipelines(change)[0];

    const second = await world.gitlab.createPipeline({
      project: world.project,
      sha: change.sha,
      ref: first?.ref ?? '',
      source: 'merge_request_event',
      ciStatus: 'running',
      mergeRequest: change,
    });

    await eventually('the status in it', () => second.statuses.some(({ status }) => status === 'success'));
    await world.settled();
    expect(second.statuses.filter(({ retried }) => !retried)).toMatchObject([
      { name: 'modelgate', status: 'success' },
    ]);
    await world.gitlab.setPipelineStatus(second, 'success');
    expect(second.status).toBe('success');
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

/** A change that lacks data, once that is shown and nothing is at work. */
async function judgedRed(world: CiWorld, branch: string): Promise<MergeRequest> {
  const pointer = await world.track('d.csv', `${branch}\n`, 'not pushed');
  const change = await world.proposeMerge(branch, { 'd.csv.dvc': pointer });
  await world.commitStatus(change, ({ status }) => status === 'failed');
  await world.settled();
  return change;
}

describe('a branch pipeline that comes after the verdict', () => {
  let world: CiWorld;
  beforeAll(async () => void (world = await createCiWorld({ recheck: '{ after: [1h] }' })));
  afterAll(() => world.close());

  async function expectRedIn(pipeline: Pipeline) {
    await eventually('the status in it', () => pipeline.statuses.some(({ status }) => status === 'failed'));
    await world.settled();
    expect(pipeline.statuses.filter(({ retried }) => !retried)).toMatchObject([
      { name: 'modelgate', status: 'failed' },
    ]);
    await world.gitlab.setPipelineStatus(pipeline, 'success');
    expect(pipeline.status).toBe('failed');
  }

  test.each(['push', 'web'] as const)('from %s — has the red status, and blocks', async (source) => {
    const change = await judgedRed(world, `late-${source}`);

    const { project, sha, sourceBranch: ref } = change;
    const late = await world.gitlab.createPipeline({ project, sha, ref, source, ciStatus: 'running' });

    expect(world.gitlab.pipelines(change)[0]).toBe(late);
    await expectRedIn(late);
  });

  test('two changes have that head — both are looked at, and that ends', async () => {
    const change = await judgedRed(world, 'twice');
    const { project, sha, sourceBranch: ref } = change;
    await world.gitlab.commit(project, 'release', { 'RELEASE.md': 'soon\n' }, 'release');
    await world.gitlab.openMergeRequest(project, { source: ref, target: 'release', title: 'Again' });
    await world.settled();

    const late = await world.gitlab.createPipeline({
      project,
      sha,
      ref,
      source: 'push',
      ciStatus: 'running',
    });

    await expectRedIn(late);
    await world.settled();
    const { length } = late.statuses;
    await world.gitlab.setPipelineStatus(late, 'running');
    await world.settled();
    expect(late.statuses).toHaveLength(length);
  });

  test.each(['push', 'merge_request_event'] as const)(
    'in a fork that sends webhooks too, from %s — has the red status',
    async (source) => {
      const fork = await world.gitlab.fork(world.project, { path: `ml/fork-${source}`, owner: 'stranger' });
      world.gitlab.addMember(fork, 'modelgate-bot', 30);
      world.gitlab.addHook(fork, { url: world.hook.url, secretToken: gitlabSecrets.HOOK_SECRET });
      const files = { 'f.csv.dvc': await world.track('f.csv', `${source}\n`, 'not pushed') };
      const ref = 'feature';
      const sha = await world.gitlab.commit(fork, ref, files, { message: 'from outside', as: 'stranger' });
      const wanted = { sourceProject: fork, source: ref, title: 'From a fork', as: 'stranger' };
      const change = await world.gitlab.openMergeRequest(world.project, wanted);
      await world.commitStatus(change, ({ status }) => status === 'failed');
      await world.settled();

      const mergeRequest = source === 'push' ? undefined : change;
      const late = await world.gitlab.createPipeline({
        project: fork,
        sha,
        ref,
        source,
        mergeRequest,
        ciStatus: 'running',
      });

      await expectRedIn(late);
    },
  );

  test('of a branch without a change — is nobody’s business', async () => {
    const sha = await world.gitlab.commit(world.project, 'alone', { 'x.md': 'x\n' }, 'alone');
    const { project } = world;
    const alone = await world.gitlab.createPipeline({
      project,
      sha,
      ref: 'alone',
      source: 'push',
      ciStatus: 'success',
    });

    await world.settled();
    expect(alone.statuses).toEqual([]);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

describe('looks at the data', () => {
  let world: CiWorld;
  beforeAll(async () => void (world = await createCiWorld()));
  afterAll(() => world.close());

  async function page(change: MergeRequest): Promise<string> {
    const { targetUrl } = await world.commitStatus(change, () => true);
    return (await fetch(targetUrl ?? '')).text();
  }

  test('minutes after the verdict — neither write a status nor fail the pipeline again', async () => {
    const change = await judgedRed(world, 'looked-at');
    const [pipeline] = world.gitlab.pipelines(change);
    const posts = () =>
      world.gitlab.requests.filter(({ method, path }) => method === 'POST' && path.includes(change.sha));
    expect(posts()).toHaveLength(2);

    await eventually('three looks', async () => (await page(change)).split('looked again').length > 3);
    await world.settled();

    expect(posts()).toHaveLength(2);
    expect(pipeline?.statuses).toHaveLength(1);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

describe('a merge request from a fork', () => {
  let world: CiWorld;
  beforeAll(async () => void (world = await createCiWorld()));
  afterAll(() => world.close());

  async function proposeFromFork(path: string, member: 'member' | 'no member') {
    const fork = await world.gitlab.fork(world.project, { path, owner: 'stranger' });
    if (member === 'member') world.gitlab.addMember(fork, 'modelgate-bot', 30);
    const pointer = await world.track('f.csv', `${path}\n`, 'not pushed');
    await world.gitlab.commit(
      fork,
      'feature',
      { 'f.csv.dvc': pointer },
      { message: 'from outside', as: 'stranger' },
    );
    return world.gitlab.openMergeRequest(world.project, {
      sourceProject: fork,
      source: 'feature',
      title: 'From a fork',
      as: 'stranger',
    });
  }

  test('that we may write to — has the status there', async () => {
    const change = await proposeFromFork('stranger/auto-mpg', 'member');

    const status = await world.commitStatus(change, ({ status }) => status === 'failed');
    expect(status.pipeline.project).toBe(change.sourceProject);
    await world.settled();
    expect(world.ourNotes(change)).toHaveLength(1);
  });

  test('that we may not write to — is judged all the same, and the note says why there is no status', async () => {
    const change = await proposeFromFork('stranger/hidden', 'no member');

    await eventually('the note', () => world.ourNotes(change).length > 0);
    await world.settled();
    const [note, ...others] = world.ourNotes(change);
    expect(others).toEqual([]);
    expect(note).toContain('data/missing-on-remote');
    expect(note).toMatch(/no status.*Developer/s);
    expect(statusesOf(world.gitlab, change)).toEqual([]);
    const page = /\/runs\/[0-9a-f]{24}/.exec(note ?? '')?.[0];
    await eventually('the reason on the page', async () => {
      const text = await (await fetch(`${world.url()}${page}`)).text();
      return text.includes('the host takes no status from us');
    });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
