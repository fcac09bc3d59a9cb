import { beforeEach, describe, expect, test } from 'vitest';
import { AbortError, RetryableError, UserError } from '../../src/errors.ts';
import { handleJob } from '../../src/jobs/handle-job.ts';
import type { Job, Queue } from '../../src/ports/queue.ts';
import { createGateWorld, missingData, never, passing, type GateWorld } from '../support/gate-world.ts';
import { createKeptTelemetry } from '../support/telemetry.ts';

const ids = { host: 'corp', repositoryId: '12', number: 7 };

describe('handleJob', () => {
  let world: GateWorld;
  let asked: { readonly job: Job; readonly at: Date | undefined }[];
  let queue: Queue;
  const release = async (job: Job) => {
    asked.push({ job, at: undefined });
    return [];
  };
  beforeEach(() => {
    world = createGateWorld();
    asked = [];
    queue = {
      poke: async (job) => void asked.push({ job, at: undefined }),
      wakeAt: async (job, at) => void asked.push({ job, at }),
    };
  });

  const handle = (job: Job) => handleJob(job, { ...world.deps, queue, release }, never);

  test('a job that asks for nothing more — enqueues nothing', async () => {
    await handle({ kind: 'gate-change', ids });
    expect(asked).toEqual([]);
    expect(world.lines.at(-1)?.message).toBe('job done');
  });

  test('a follow-up with a time — is a wake-up', async () => {
    world.files = missingData;
    await handle({ kind: 'gate-change', ids });
    expect(asked).toEqual([{ job: { kind: 'look-again', ids }, at: new Date('2026-05-04T10:00:30.000Z') }]);
  });

  test('a follow-up without — is a poke', async () => {
    await handle({ kind: 'sweep', ids: {} });
    expect(asked).toEqual([{ job: { kind: 'gate-change', ids }, at: undefined }]);
  });

  test('a failed try — the next one knows its number', async () => {
    world.failing.set('read', passing());
    await handle({ kind: 'gate-change', ids: { ...ids, attempt: 2 } });
    expect(asked).toMatchObject([{ job: { ids: { attempt: 3 } }, at: new Date('2026-05-04T10:00:15.000Z') }]);
  });

  test('a failed try — is told with its reason, its number and when the next one is', async () => {
    world.failing.set('read', passing());
    const trouble = await handle({ kind: 'gate-change', ids: { ...ids, attempt: 2 } });
    const next = '2026-05-04T10:00:15.000Z';
    expect(trouble).toEqual({ reason: expect.any(String), cause: 'outside', attempts: 2, next });
    expect(trouble?.reason).not.toBe('');
    expect(asked[0]?.job).toEqual({ kind: 'gate-change', ids: { ...ids, attempt: 3 } });
  });

  test.each([
    ['a defect', new TypeError('x is not a function'), 'defect'],
    [
      'somebody can repair it',
      new UserError('host-forbidden', 'answered 403', 'Give the token a role.'),
      'user',
    ],
    ['it took too long', new AbortError('deadline'), 'outside'],
  ])('a failed try, %s — is told as that', async (_what, thrown, cause) => {
    world.failing.set('snapshot', () => thrown);
    expect(await handle({ kind: 'gate-change', ids })).toMatchObject({ cause, attempts: 1 });
  });

  test('a verdict, a look that comes later — is no trouble', async () => {
    world.files = missingData;
    expect(await handle({ kind: 'gate-change', ids })).toBeUndefined();
  });

  test('a sweep — tells how much it recovered, and when; trouble with the repositories — not when', async () => {
    const { telemetry, told } = createKeptTelemetry();
    const deps = { ...world.deps, queue, release, telemetry };
    await handleJob({ kind: 'sweep', ids: {} }, deps, never);
    expect(told).toEqual([
      'modelgate_sweeper_last_success_timestamp{corp}',
      'modelgate_sweeper_recovered_total{}',
    ]);
    told.length = 0;
    const [host] = world.deps.hosts.values();
    const changes = { ...host!.changes, repositories: () => Promise.reject(new RetryableError('away')) };
    const hosts = new Map([['corp', { ...host!, changes }]]);
    await handleJob({ kind: 'sweep', ids: {} }, { ...deps, hosts }, never);
    expect(told).toEqual(['modelgate_sweeper_recovered_total{}']);
  });

  test('a change that is judged — each check tells how long it took and what it came to', async () => {
    const { telemetry, told } = createKeptTelemetry();
    world.files = missingData;
    await handleJob({ kind: 'gate-change', ids }, { ...world.deps, queue, release, telemetry }, never);
    expect(told).toEqual([
      'modelgate_check_seconds{data,failed}',
      'modelgate_check_seconds{pipeline,passed}',
    ]);
  });

  test('a release — is driven by what was given for it, and asks for more as others do', async () => {
    const job: Job = {
      kind: 'release',
      ids: { host: 'corp', repositoryId: '12', environment: 'prod', tip: 'main' },
    };
    const at = new Date('2026-05-04T10:00:05.000Z');
    const driven: Job[] = [];
    const drive = async (given: Job) => (driven.push(given), [{ ...given, at }]);
    await handleJob(job, { ...world.deps, queue, release: drive }, never);
    expect(driven).toEqual([job]);
    expect(asked).toEqual([{ job, at }]);
  });

  test('a branch that is released nowhere — is no business of ours; a try that failed — is made again', async () => {
    const job: Job = { kind: 'gate-branch', ids: { host: 'corp', repositoryId: '12', tip: 'main' } };
    await handle(job);
    expect(asked).toEqual([]);
    world.branches.set('main', { ...world.change!, number: undefined, reference: 'main' });
    world.failing.set('history', passing());
    expect(await handle(job)).toMatchObject({ cause: 'outside', attempts: 1 });
    expect(asked).toMatchObject([{ job: { kind: 'gate-branch', ids: { tip: 'main', attempt: 2 } } }]);
  });

  test('superseded — runs again, from its first attempt: the newer poke may be lost', async () => {
    world.failing.set('snapshot', () => new AbortError('superseded'));
    await handle({ kind: 'gate-change', ids: { ...ids, attempt: 3 } });
    expect(asked).toEqual([{ job: { kind: 'gate-change', ids }, at: undefined }]);
  });

  test.each(['shutdown', 'cancelled'] as const)('%s — goes to the worker', async (reason) => {
    world.failing.set('snapshot', () => new AbortError(reason));
    await expect(handle({ kind: 'gate-change', ids })).rejects.toMatchObject({ reason });
  });

  test('ids of a payload gone wrong — do nothing', async () => {
    await handle({ kind: 'gate-change', ids: { host: 'nobody' } });
    await handle({ kind: 'look-again', ids });
    await handle({ kind: 'run-command', ids });
    expect(asked).toEqual([]);
    expect(world.statuses.size).toBe(0);
  });
});
