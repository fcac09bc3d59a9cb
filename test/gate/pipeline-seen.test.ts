import { beforeEach, describe, expect, test } from 'vitest';
import { RetryableError, UserError } from '../../src/errors.ts';
import type { Job } from '../../src/ports/queue.ts';
import { pipelineSeen } from '../../src/gate/pipeline-seen.ts';
import { createGateWorld, never, type GateWorld } from '../support/gate-world.ts';

const { host, repositoryId, number } = { host: 'corp', repositoryId: '12', number: 7 };

describe('a pipeline of a commit', () => {
  let world: GateWorld;
  let sha: string;
  beforeEach(() => {
    world = createGateWorld();
    sha = world.change?.head ?? '';
  });

  const seen = (ids: Job['ids'] = {}) =>
    pipelineSeen(
      { kind: 'pipeline-seen', ids: { host, repositoryId, sha, pipelineId: '500', ...ids } },
      world.deps,
      never,
    );

  async function shownIn(pipelineId: number): Promise<void> {
    await world.deps.store.updateSubject({ kind: 'change', host, repositoryId, number }, (record) => ({
      ...record,
      memory: { [`status/${sha}`]: { projectId: repositoryId, pipelineId } },
    }));
  }

  test('that is the head of a change — the change is looked at', async () => {
    expect(await seen()).toEqual([
      { kind: 'gate-change', ids: { host, repositoryId, number }, at: undefined },
    ]);
  });

  test('the status is in an older pipeline — the change is looked at', async () => {
    await shownIn(499);
    expect(await seen()).toHaveLength(1);
  });

  test('the status is in it already — nothing happens: our own status is what changed it', async () => {
    await shownIn(500);
    expect(await seen()).toEqual([]);
  });

  test.each<[string, Job['ids']]>([
    ['no change has it', { sha: 'f'.repeat(40) }],
    ['it is no commit', { sha: 'x' }],
    ['the host is not configured any more', { host: 'gone' }],
  ])('%s — nothing happens', async (_, ids) => {
    expect(await seen(ids)).toEqual([]);
  });

  test('the host refuses — is logged, and not asked for ever', async () => {
    world.failing.set('of-head', () => new UserError('host-forbidden', 'no', 'Let us.'));
    expect(await seen()).toEqual([]);
    expect(world.lines.at(-1)?.message).toBe('the changes of a pipeline cannot be read');
  });

  test('the host is away — is asked again', async () => {
    world.failing.set('of-head', () => new RetryableError('away'));
    await expect(seen()).rejects.toBeInstanceOf(RetryableError);
  });
});
