import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import { AbortError, RetryableError } from '../../../src/errors.ts';
import type { CollectDeps, Facts } from '../../../src/gate/check.ts';
import { collectData } from '../../../src/gate/collect/data.ts';
import { collectPipelines } from '../../../src/gate/collect/pipeline.ts';
import { defaultLimits, type Limits } from '../../../src/limits.ts';
import { createMemoryStores } from '../../support/memory-store.ts';
import { createMemoryTrees, type MemoryFiles } from '../../support/memory-trees.ts';

const signal = new AbortController().signal;

/** A change that adds the files, and what collectors need to look at it. */
async function changeOf(
  files: MemoryFiles,
  given: { readonly limits?: Partial<Limits>; readonly missing?: boolean } = {},
): Promise<readonly [Facts, CollectDeps]> {
  const trees = createMemoryTrees();
  const baseTree = trees.add({});
  const tree = trees.add(files);
  const facts: Facts = {
    tree,
    baseTree,
    entries: await trees.list(tree, signal),
    baseEntries: [],
    changes: await trees.changes(baseTree, tree, signal),
    policy: defaultPolicy,
  };
  const read: CollectDeps['trees']['read'] = (oids) =>
    Promise.resolve(new Map(oids.map((oid) => [oid, { kind: 'missing' }])));
  return [
    facts,
    {
      trees: given.missing === true ? { ...trees, read } : trees,
      stores: createMemoryStores({}),
      limits: { ...defaultLimits, ...given.limits },
      progress: () => undefined,
    },
  ];
}

const files = {
  '.dvc/config': '',
  'a.dvc': 'outs: []\n',
  'b.dvc': 'outs: []\n',
  'p.yaml': 'pipelineInfo:\n  name: p\n',
};

describe.each([
  ['data', collectData],
  ['pipelines', collectPipelines],
])('collecting %s', (_, collect) => {
  test('a blob that git does not have — is asked for again later', async () => {
    await expect(collect(...(await changeOf(files, { missing: true })), signal)).rejects.toThrow(
      RetryableError,
    );
  });

  test('more bytes than one check parses — the rest is unknown, and the setting is named', async () => {
    const { unknowns } = await collect(...(await changeOf(files, { limits: { parseBytes: 10 } })), signal);

    expect(unknowns).toHaveLength(1);
    expect(unknowns[0]).toMatchObject({
      cause: 'limit',
      what: expect.stringMatching(/^1 (?:DVC|pipeline) files$/),
    });
    expect(unknowns[0]?.message).toContain('(limit parseBytes)');
    expect(unknowns[0]?.remedy).toContain('limits.parseBytes');
  });

  test('an abort while many files are parsed — is obeyed between two of them', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 500 }, (_each, index) => [
        `${index}.${collect === collectData ? 'dvc' : 'yaml'}`,
        `a: ${index}\n`,
      ]),
    );
    const controller = new AbortController();
    const collecting = collect(...(await changeOf(many)), controller.signal);
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
      controller.abort(new AbortError('superseded'));
    }, 0);

    await expect(collecting).rejects.toThrow(AbortError);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});

test('files with thousands of problems — keep few of them in memory', async () => {
  const hostile = Object.fromEntries(
    Array.from({ length: 150 }, (_, index) => [`${index}.dvc`, `a: 1\n`.repeat(400)]),
  );
  const { model } = await collectData(...(await changeOf(hostile)), signal);
  const problems = model.metafiles.reduce((sum, file) => sum + file.problems.length, 0);

  expect(model.metafiles).toHaveLength(150);
  expect(model.metafiles.every((file) => file.problems.length > 0)).toBe(true);
  expect(problems).toBeLessThanOrEqual(20_200 + 50);
});
