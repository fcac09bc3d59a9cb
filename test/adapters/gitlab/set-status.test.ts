import { afterEach, describe, expect, test } from 'vitest';
import type { Change } from '../../../src/domain/change.ts';
import { toSha } from '../../../src/domain/repository.ts';
import type { Host, ReportMemory, Status } from '../../../src/ports/host.ts';
import { readChange, type NumberedChange } from '../../contracts/host.ts';
import { createGitlabWorld } from './gitlab-world.ts';
import type { GitlabWorld, GitlabWorldOptions } from './gitlab-world.ts';

const never = new AbortController().signal;
const running: Status = {
  state: 'running',
  description: 'judging',
  url: 'https://modelgate.example.com/runs/1',
};
const passed: Status = { ...running, state: 'success', description: 'passed' };

let world: GitlabWorld;

afterEach(() => world.dispose());

async function start(
  options: GitlabWorldOptions = {},
  opened: { fork?: boolean } = {},
): Promise<NumberedChange> {
  world = await createGitlabWorld(options);
  return read(await world.openChange(opened));
}

async function read(number: number): Promise<NumberedChange> {
  const change = await readChange(world.host, world.repository.id, number);
  if (change === undefined) throw new Error(`no change ${number}`);
  return change;
}

function report(change: Change, status: Status, memory: ReportMemory = {}, host: Host = world.host) {
  return host.reporter.setStatus(change, status, memory, never);
}

/** Every pipeline of the head: `source: status of ours` each. */
function pipelines(change: Change, project = world.project): readonly string[] {
  return project.pipelines
    .filter((pipeline) => pipeline.sha === change.head)
    .map(({ source, statuses }) => {
      const shown = statuses.filter((status) => status.name === 'modelgate' && !status.retried);
      return `${source}: ${shown.map((status) => status.status).join(', ') || '-'}`;
    });
}

function posts() {
  return world.sandbox.requests
    .filter(({ method, path }) => method === 'POST' && path.includes('/statuses/'))
    .map(({ body, status }) => ({ ...asObject(body), status }));
}

function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}

async function addPipeline(
  change: NumberedChange,
  source: 'push' | 'merge_request_event',
  ciStatus = 'running' as const,
) {
  const mergeRequest = world.mergeRequest(change.number);
  const ref = source === 'push' ? change.source.branch : `refs/merge-requests/${change.number}/head`;
  const project = mergeRequest.sourceProject;
  const of = source === 'push' ? undefined : mergeRequest;
  return world.sandbox.createPipeline({ project, sha: change.head, ref, source, ciStatus, mergeRequest: of });
}

/** A pipeline of another commit: from now on GitLab may make one for each head. */
async function runCiOnce(): Promise<void> {
  const sha = await world.sandbox.commit(world.project, 'main', { 'ci.md': 'CI\n' }, 'ci');
  await world.sandbox.createPipeline({
    project: world.project,
    sha,
    ref: 'main',
    source: 'push',
    ciStatus: 'success',
  });
}

describe('the pipeline', () => {
  test('a merge-request pipeline is there — the status goes into it, by its id and without a ref', async () => {
    const change = await start({ ci: true });

    const memory = await report(change, running);
    await report(change, passed, memory);

    expect(pipelines(change)).toEqual(['push: -', 'merge_request_event: success']);
    expect(world.pauses).toEqual([]);
    expect(posts()).toHaveLength(2);
    for (const post of posts()) {
      expect(post).toMatchObject({ context: 'modelgate', pipeline_id: memory['pipelineId'] });
      expect(post).not.toHaveProperty('ref');
    }
  });

  test('a pipeline comes two seconds late — it is waited for', async () => {
    let change: NumberedChange | undefined;
    change = await start({
      async onPause() {
        if (change !== undefined) await addPipeline(change, 'push');
      },
    });
    await runCiOnce();

    await report(change, running);

    expect(world.pauses).toEqual([2000]);
    expect(pipelines(change)).toEqual(['push: running']);
  });

  test('no pipeline comes — one of our own is made after three looks, and used from then on', async () => {
    const change = await start();
    await runCiOnce();

    const memory = await report(change, running);
    await report(change, passed, memory);

    expect(world.pauses).toEqual([2000, 2000]);
    expect(pipelines(change)).toEqual(['external: success']);
    expect(posts()).toMatchObject([{ ref: change.source.branch }, { pipeline_id: memory['pipelineId'] }]);
  });

  test('the project never ran a pipeline of its own — none is waited for', async () => {
    const change = await start();

    await report(change, running);

    expect(world.pauses).toEqual([]);
    expect(pipelines(change)).toEqual(['external: running']);
  });

  test('a pipeline of an older head — is not taken for that of the head', async () => {
    const change = await start();
    await addPipeline(change, 'merge_request_event');
    await world.push(change.number);
    const pushed = await read(change.number);

    await report(pushed, running);

    expect(pipelines(change)).toEqual(['merge_request_event: -']);
    expect(pipelines(pushed)).toEqual(['external: running']);
  });

  test('a newer pipeline appears for the same head — the status moves there, and ends in the older one too', async () => {
    const change = await start();
    const memory = await report(change, running);
    await addPipeline(change, 'merge_request_event');

    const moved = await report(change, running, memory);
    expect(pipelines(change)).toEqual(['external: running', 'merge_request_event: running']);
    expect(moved['pipelineId']).not.toBe(memory['pipelineId']);

    await report(change, passed, moved);
    expect(pipelines(change)).toEqual(['external: success', 'merge_request_event: success']);
  });

  test('the remembered pipeline was deleted — another one is used', async () => {
    const change = await start();
    const memory = await report(change, running);
    world.project.pipelines.splice(0);

    await report(change, passed, memory);

    expect(pipelines(change)).toEqual(['external: success']);
  });

  test('the jobs of the pipeline are as many as the plan allows — is for people to repair', async () => {
    const change = await start({ ci: true, knobs: { maxJobsPerPipeline: 1 } });

    await expect(report(change, running)).rejects.toMatchObject({ name: 'UserError', code: 'host-refused' });
  });
});

describe('the state machine', () => {
  test('a final state first — running is posted before it, as old versions demand', async () => {
    const change = await start();

    await report(change, passed);

    expect(posts()).toMatchObject([{ state: 'running' }, { state: 'success' }]);
  });

  test('other words for the same final state — are posted at once: the pipeline fails only once', async () => {
    const change = await start();
    const failed: Status = { ...running, state: 'failure', description: '1 error' };
    const memory = await report(change, failed);
    const seen: string[] = [];
    const [pipeline] = world.project.pipelines;
    const watched = { ...failed, description: '1 error; asks the remote again at 14:05 UTC' };
    world.sandbox.observe(() => void seen.push(pipeline?.status ?? ''));

    await report(change, watched, memory);
    await report(change, passed, memory);

    expect(posts().map((post) => 'state' in post && post.state)).toEqual([
      'running',
      'failed',
      'failed',
      'running',
      'success',
    ]);
    expect(seen.slice(0, -2)).not.toContain('running');
  });

  test('an old version refuses to go from running to running — that is success, because it does run', async () => {
    const change = await start();
    const memory = await report(change, running);

    await report(change, { ...running, description: 'still judging' }, memory);

    expect(posts()).toMatchObject([{ status: 201 }, { status: 400 }]);
    expect(pipelines(change)).toEqual(['external: running']);
  });

  test('another 400 — is not taken for success', async () => {
    const change = await start();
    const memory = await report(change, running);

    const refused = report(change, { ...passed, url: 'ftp://modelgate.example.com/' }, memory);

    await expect(refused).rejects.toMatchObject({ code: 'host-bad-request' });
    expect(pipelines(change)).toEqual(['external: running']);
  });

  test('another update holds the lock — can be tried again, not at once', async () => {
    const change = await start({ knobs: { statusLock: { tries: 0, delayMs: 0 } } });
    const release = world.sandbox.holdStatuses(world.project, change.head);

    await expect(report(change, running)).rejects.toMatchObject({ name: 'RetryableError', retryAfter: 2750 });

    release();
    await report(change, running);
    expect(pipelines(change)).toEqual(['external: running']);
  });

  test('a status of that name by somebody else — is not ours: we write our own', async () => {
    const change = await start({ ci: true });
    const { token } = world.sandbox.addUser({ username: 'impostor' });
    world.sandbox.addMember(world.project, 'impostor', 30);
    await report(change, passed, {}, world.anotherHost({ token }));
    const before = posts().length;

    await report(change, passed);

    expect(posts().length).toBeGreaterThan(before);
    expect(world.sandbox.statuses(world.project, change.head).at(-1)?.user.username).toBe('modelgate-bot');
  });
});

describe('forks', () => {
  test('we may write in the fork — the status goes there', async () => {
    const change = await start({}, { fork: true });
    const { sourceProject } = world.mergeRequest(change.number);
    world.sandbox.addMember(sourceProject, 'modelgate-bot', 30);

    await report(change, running);

    expect(pipelines(change, sourceProject)).toEqual(['external: running']);
    expect(pipelines(change)).toEqual([]);
  });

  test('the target runs a pipeline for it — the status goes there, though the fork is hidden', async () => {
    const change = await start({}, { fork: true });
    const mergeRequest = world.mergeRequest(change.number);
    await world.sandbox.createPipeline({
      project: world.project,
      sha: change.head,
      ref: `refs/merge-requests/${change.number}/head`,
      source: 'merge_request_event',
      ciStatus: 'running',
      mergeRequest,
    });

    await report(change, passed);

    expect(pipelines(change)).toEqual(['merge_request_event: success']);
  });

  test('we see nothing of the fork, and the target has no pipeline — people are told what to do', async () => {
    const change = await start({}, { fork: true });

    await expect(report(change, running)).rejects.toMatchObject({
      code: 'status-forbidden',
      remedy: expect.stringContaining('Developer of the fork'),
    });
    expect(pipelines(change)).toEqual([]);
  });

  test('we may only read the fork — people are told what to do', async () => {
    const change = await start({}, { fork: true });
    world.sandbox.addMember(world.mergeRequest(change.number).sourceProject, 'modelgate-bot', 20);

    await expect(report(change, running)).rejects.toMatchObject({ code: 'status-forbidden' });
  });
});

describe('refusals', () => {
  test('the head is nowhere any more — says so', async () => {
    const change = await start();
    const gone: Change = { ...change, head: toSha('f'.repeat(40)) ?? change.head };

    await expect(report(gone, running)).rejects.toMatchObject({ name: 'UserError', code: 'head-gone' });
  });

  test('the source branch is protected against us — is for people to repair, after one attempt', async () => {
    const change = await start();
    world.project.protectedBranches.set(change.source.branch, 40);

    await expect(report(change, running)).rejects.toMatchObject({ code: 'status-forbidden' });
    expect(posts()).toHaveLength(1);
  });
});
