import { beforeEach, describe, expect, test } from 'vitest';
import { rerun } from '../../src/commands/rerun.ts';
import type { Job } from '../../src/domain/job.ts';
import { subjectKey } from '../../src/domain/subject.ts';
import { createGateWorld, never, passing, subject, type GateWorld } from '../support/gate-world.ts';
import { sampleSha } from '../support/sample-run.ts';

describe('rerun', () => {
  let world: GateWorld;
  beforeEach(() => {
    world = createGateWorld();
    world.pushers.add('ada');
  });

  const asked = (ids: Job['ids'] = {}): Job => ({
    kind: 'rerun',
    ids: { host: 'corp', repositoryId: '12', sha: world.change?.head ?? '', personId: 'ada', ...ids },
  });
  const fresh = (number = 7) => world.store.subjects.get(subjectKey({ ...subject, number }))?.fresh ?? 0;
  const poke = (number: number) => ({
    kind: 'gate-change',
    ids: { host: 'corp', repositoryId: '12', number },
    at: undefined,
  });

  test('by somebody who may push — asks for the change afresh, and says who in the log', async () => {
    expect(await rerun(asked(), world.deps, never)).toEqual([poke(7)]);
    expect(fresh()).toBe(1);
    expect(world.lines.at(-1)).toMatchObject({
      message: 'command given',
      fields: { actor: 'ada', command: 'rerun' },
    });
  });

  test('by somebody who may not — nothing, but a line in the log', async () => {
    expect(await rerun(asked({ personId: 'eve' }), world.deps, never)).toEqual([]);
    expect(fresh()).toBe(0);
    expect(world.lines.at(-1)?.message).toBe('button ignored: who pressed it may not push');
  });

  test('of a head that several changes have — asks for all of them', async () => {
    const host = world.deps.hosts.get('corp');
    if (host === undefined) throw new Error('no host');
    const ofHead = async () => [7, 8].map((number) => ({ repositoryId: '12', number }));
    const hosts = new Map([['corp', { ...host, changes: { ...host.changes, ofHead } }]]);

    expect(await rerun(asked(), { ...world.deps, hosts }, never)).toEqual([poke(7), poke(8)]);
    expect([fresh(7), fresh(8)]).toEqual([1, 1]);
  });

  test.each<[string, Job['ids']]>([
    ['a head that no open change has', { sha: sampleSha('9') }],
    ['no commit', { sha: 'main' }],
    ['a host that nobody configured', { host: 'other' }],
  ])('of %s — nothing', async (_, ids) => {
    expect(await rerun(asked(ids), world.deps, never)).toEqual([]);
    expect(world.store.subjects.size).toBe(0);
  });

  test('while the host is away — throws, so that the job comes again', async () => {
    world.failing.set('of-head', passing());

    await expect(rerun(asked(), world.deps, never)).rejects.toMatchObject({ name: 'RetryableError' });
    expect(fresh()).toBe(0);
  });
});
