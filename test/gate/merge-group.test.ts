import { beforeEach, describe, expect, test } from 'vitest';
import { rerun } from '../../src/commands/rerun.ts';
import type { Change } from '../../src/domain/change.ts';
import { gateJob } from '../../src/domain/job.ts';
import { subjectKey, type Subject } from '../../src/domain/subject.ts';
import { gateChange } from '../../src/gate/gate-change.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import { createGateWorld, missingData, never, passing, type GateWorld } from '../support/gate-world.ts';
import { sampleSha } from '../support/sample-run.ts';

const branch = `gh-readonly-queue/main/pr-7-${'c'.repeat(40)}`;
const subject: Subject = { kind: 'merge-group', host: 'corp', repositoryId: '12', branch };
const poke = { ...gateJob(subject), at: undefined };

describe('a merge group', () => {
  let world: GateWorld;
  let group: Change;
  beforeEach(() => {
    world = createGateWorld();
    const change = world.change;
    if (change === undefined) throw new Error('no change');
    world.change = undefined;
    group = {
      ...change,
      number: undefined,
      reference: branch,
      head: sampleSha('d'),
      headRef: `refs/heads/${branch}`,
      source: { repositoryId: '12', branch, fork: false },
    };
    world.groups.set(branch, group);
  });

  const gate = (attempt = 1) => gateChange(subject, attempt, world.deps, never);
  const shown = () => world.statuses.get(group.head);

  test('with nothing to check — is shown as passed', async () => {
    expect(await gate()).toEqual([]);
    expect(shown()?.state).toBe('success');
  });

  test('whose data is missing — fails, with its findings in the status and no comment', async () => {
    world.files = missingData;

    expect(await gate()).toMatchObject([{ kind: 'look-again', ids: { branch } }]);
    expect(shown()).toMatchObject({
      state: 'failure',
      details: {
        summary: expect.stringContaining('data/missing-on-remote'),
        annotations: [{ path: 'd.csv.dvc' }],
      },
    });
    expect(world.comment).toBeUndefined();
  });

  test('that is gone before it was judged — leaves no status running', async () => {
    world.meanwhile = () => {
      world.groups.delete(branch);
    };

    const follow = await gate();
    expect(follow).toEqual([poke]);
    expect(shown()?.state).toBe('running');
    await gate();

    expect(shown()).toMatchObject({ state: 'cancelled', description: 'the merge group is gone' });
    expect(world.store.subjects.get(subjectKey(subject))?.open).toEqual([]);
  });

  test('that was merged — keeps its verdict', async () => {
    await gate();
    world.groups.delete(branch);

    expect(await gate()).toEqual([]);
    expect(shown()?.state).toBe('success');
    expect(world.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('of which nothing is known — gone — is nothing to do', async () => {
    world.groups.delete(branch);

    expect(await gate()).toEqual([]);
    expect(world.statuses.size).toBe(0);
  });

  test('that could not be judged three times — fails and says why', async () => {
    world.failing.set('snapshot', passing());
    await gate(3);

    expect(shown()?.state).toBe('failure');
    expect(world.comment).toBeUndefined();
  });

  test('that nobody told of — is found by the sweep; a judged one is left alone', async () => {
    expect(await sweep(world.deps, never)).toEqual([poke]);
    await gate();
    expect(await sweep(world.deps, never)).toEqual([]);
  });

  test('built anew — is judged anew', async () => {
    await gate();
    world.groups.set(branch, { ...group, head: sampleSha('e') });

    expect(await sweep(world.deps, never)).toEqual([poke]);
    await gate();
    expect(world.statuses.get(sampleSha('e'))?.state).toBe('success');
  });

  test('"Re-run" by somebody who may push — asks for it afresh', async () => {
    world.pushers.add('ada');
    const ids = { host: 'corp', repositoryId: '12', sha: group.head, branch, personId: 'ada' };

    expect(await rerun({ kind: 'rerun', ids }, world.deps, never)).toEqual([poke]);
    expect(world.store.subjects.get(subjectKey(subject))?.fresh).toBe(1);
  });
});
