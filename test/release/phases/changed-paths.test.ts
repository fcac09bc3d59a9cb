import { describe, expect, test } from 'vitest';
import type { Production } from '../../../src/domain/policy.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { changedPaths } from '../../../src/release/phases/plan/changed-paths.ts';
import type { MemoryFiles } from '../../support/memory-trees.ts';
import { createMemoryBranch } from '../../support/release/memory-branch.ts';
import { production, repository, sha } from '../sample.ts';

const { signal } = new AbortController();
const byPointer: Production = {
  ...production,
  model: { from: 'pointer', format: 'sklearn', path: 'model.pkl.dvc', file: undefined },
};

/** A lock of one stage: data in, model out. */
function lock(data: string, model: string): string {
  return `schema: '2.0'
stages:
  train:
    cmd: python train.py
    deps:
    - path: data/cars.csv
      hash: md5
      md5: ${data.repeat(32)}
      size: 10
    outs:
    - path: model.pkl
      hash: md5
      md5: ${model.repeat(32)}
      size: 10
`;
}

/** What differs between two commits with these files. */
async function changed(before: MemoryFiles, after: MemoryFiles, of: Production = byPointer) {
  const branch = createMemoryBranch(before);
  const from = branch.tip();
  const to = branch.commit(after);
  const history = await branch.snapshots.history({ repository, branch: 'main', commit: to }, signal);
  return changedPaths(history, { from, to }, { production: of, limits: defaultLimits }, signal);
}

describe('what changed', () => {
  test('a file that is another one — its path', async () => {
    expect(await changed({ a: '1', b: '1' }, { a: '2' })).toEqual(['a']);
  });

  test('a lock in which only the model of a run is another one — has not changed', async () => {
    expect(await changed({ 'dvc.lock': lock('a', 'a') }, { 'dvc.lock': lock('a', 'b') })).toEqual([]);
  });

  test.each([
    ['the data is another one', lock('b', 'a')],
    ['data and model are others', lock('b', 'b')],
    ['a stage is gone', "schema: '2.0'\nstages: {}\n"],
    ['that cannot be read', 'stages: ['],
  ])('a lock in which %s — has', async (_what, after) => {
    expect(await changed({ 'dvc.lock': lock('a', 'a') }, { 'dvc.lock': after })).toEqual(['dvc.lock']);
  });

  test('a lock whose model no run commits — has: people train by hand', async () => {
    expect(await changed({ 'dvc.lock': lock('a', 'a') }, { 'dvc.lock': lock('a', 'b') }, production)).toEqual(
      ['dvc.lock'],
    );
  });

  test('since a commit that nobody knows any more — everything', async () => {
    const branch = createMemoryBranch({ a: '1', b: '1' });
    const to = branch.tip();
    const history = await branch.snapshots.history({ repository, branch: 'main', commit: to }, signal);
    const rules = { production: byPointer, limits: defaultLimits };

    expect(await changedPaths(history, { from: undefined, to }, rules, signal)).toEqual(['a', 'b']);
    expect(await changedPaths(history, { from: sha('e'), to }, rules, signal)).toEqual(['a', 'b']);
  });
});
