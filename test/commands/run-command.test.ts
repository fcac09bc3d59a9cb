import { beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/commands/run-command.ts';
import type { Job } from '../../src/domain/job.ts';
import { idsOf, subjectKey } from '../../src/domain/subject.ts';
import { gateChange } from '../../src/gate/gate-change.ts';
import { createGateWorld, never, subject, type GateWorld } from '../support/gate-world.ts';

/** A comment below the change, as its webhook poked. */
function commented(commentId: string, host = subject.host): Job {
  return { kind: 'run-command', ids: { ...idsOf({ ...subject, host }), commentId } };
}

describe('runCommand', () => {
  let world: GateWorld;
  beforeEach(async () => {
    world = createGateWorld();
    world.pushers.add('1');
    await gateChange(subject, 1, world.deps, never);
  });

  const fresh = () => world.store.subjects.get(subjectKey(subject))?.fresh;
  const give = (text: string, authorId: string) => {
    world.comments.set('9', { authorId, author: 'ada', text });
    return runCommand(commented('9'), world.deps, never);
  };

  test('retest by somebody who may push — asks for a fresh evaluation', async () => {
    expect(await give('/modelgate retest', '1')).toEqual([
      { kind: 'gate-change', ids: { host: 'corp', repositoryId: '12', number: 7 }, at: undefined },
    ]);
    expect(fresh()).toBe(1);
  });

  test('somebody who may not — nothing, but a line in the log', async () => {
    expect(await give('/modelgate retest', '2')).toEqual([]);
    expect(fresh()).toBe(0);
    expect(world.lines.at(-1)?.message).toBe('command ignored: its author may not push');
  });

  test.each(['/modelgate approve', 'hello', ''])(
    '%j — nothing, and nobody is asked for permissions',
    async (text) => {
      expect(await give(text, '1')).toEqual([]);
      expect(fresh()).toBe(0);
    },
  );

  test('a comment that is gone — nothing', async () => {
    expect(await runCommand(commented('404'), world.deps, never)).toEqual([]);
  });

  test('a host that is not configured any more — nothing', async () => {
    expect(await runCommand(commented('9', 'gone'), world.deps, never)).toEqual([]);
  });

  test('two at once — both count', async () => {
    await Promise.all([give('/modelgate retest', '1'), give('/modelgate retest', '1')]);
    expect(fresh()).toBe(2);
  });

  test('a change that was never judged — is judged, and the wish is not lost to a judging that is under way', async () => {
    world.store.forget();
    expect(await give('/modelgate retest', '1')).toMatchObject([{ kind: 'gate-change' }]);
    expect(fresh()).toBe(1);
  });
});
