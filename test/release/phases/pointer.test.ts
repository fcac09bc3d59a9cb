import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../../src/limits.ts';
import type { ModelStore } from '../../../src/ports/model-store.ts';
import { byPointer } from '../../../src/release/phases/collect/pointer.ts';
import type { ReleaseWorld } from '../../../src/release/world.ts';
import { ruleIds } from '../../../src/rules/index.ts';
import type { MemoryFiles } from '../../support/memory-trees.ts';
import { createMemoryBranch } from '../../support/release/memory-branch.ts';
import { sampleRelease } from '../sample.ts';

const { signal } = new AbortController();
const source = { from: 'pointer', format: 'sklearn', path: 'model.pkl.dvc', file: undefined } as const;
const runId = 'b8f0c1de-0000-5000-8000-000000000001';
const md5 = 'c'.repeat(32);
const config = '[core]\n    remote = store\n[\'remote "store"\']\n    url = s3://team/dvc\n';
const policy = `version: 1
metrics: { metrics.json: { rmse: { max: 4 } } }
`;
const first = { '.modelgate.yaml': policy, '.dvc/config': config, 'metrics.json': '{"rmse": 9}' };

function pointer(hash: string): string {
  return `outs:\n- path: model.pkl\n  hash: md5\n  md5: ${hash}\n  size: 12\n`;
}

/** What the run handed over, if it committed these files with this message. */
async function handedOver(
  files: MemoryFiles,
  message: string,
  read: ModelStore['read'] = async () => undefined,
) {
  const branch = createMemoryBranch(first);
  const commit = branch.tip();
  branch.commit(files, message);
  branch.commit({ 'README.md': 'later' });
  const world = {
    host: branch.host,
    snapshots: branch.snapshots,
    models: { read },
    limits: defaultLimits,
    ruleIds,
  };
  const release = sampleRelease({ commit });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing else is used of the world
  return byPointer(release, source, world as unknown as ReleaseWorld, signal);
}

describe('a model that a run commits by its pointer', () => {
  test('with the run in the message — handed over, with the metrics of that commit', async () => {
    const files = { 'model.pkl.dvc': pointer(md5), 'metrics.json': '{"rmse": 3.1}' };

    expect(await handedOver(files, `A model\n\nModelgate-Run: ${runId}\n`)).toMatchObject({
      kind: 'model',
      model: {
        format: 'sklearn',
        files: [
          {
            path: 'model.pkl',
            from: `s3://team/dvc/files/md5/cc/${'c'.repeat(30)}`,
            size: 12,
            digest: { algorithm: 'md5', value: md5 },
          },
        ],
        metrics: { rmse: 3.1 },
      },
    });
  });

  test.each([
    ['of another run', 'Modelgate-Run: 00000000-0000-5000-8000-000000000009'],
    ['of nobody', 'A model'],
    ['with the run somewhere in a sentence', `It is not Modelgate-Run: ${runId}`],
  ])('%s — is not ours', async (_what, message) => {
    const files = { 'model.pkl.dvc': pointer(md5) };

    expect(await handedOver(files, message)).toMatchObject({
      kind: 'missing',
      reason: expect.stringContaining(`Modelgate-Run: ${runId}`),
    });
  });

  test.each<[string, MemoryFiles, string]>([
    ['no pointer', { 'model.pkl.dvc': 'outs: []\n' }, 'is no pointer to a model'],
    ['no remote', { 'model.pkl.dvc': pointer(md5), '.dvc/config': '' }, 'has no remote for it'],
    ['a directory whose listing is not there', { 'model.pkl.dvc': pointer(`${md5}.dir`) }, 'dvc push'],
  ])('%s — is wrong, and says so', async (_what, files, words) => {
    expect(await handedOver(files, `Modelgate-Run: ${runId}`)).toMatchObject({
      kind: 'wrong',
      reason: expect.stringContaining(words),
    });
  });

  test('a listing that is another one than its name says — is wrong', async () => {
    const files = { 'model.pkl.dvc': pointer(`${md5}.dir`) };
    const listing = Buffer.from(`[{"md5": "${md5}", "relpath": "model.pkl"}]`);

    expect(await handedOver(files, `Modelgate-Run: ${runId}`, async () => listing)).toMatchObject({
      kind: 'wrong',
      reason: expect.stringContaining('is broken'),
    });
  });
});
