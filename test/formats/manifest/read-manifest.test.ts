import { describe, expect, test } from 'vitest';
import { readManifest } from '../../../src/formats/manifest/read-manifest.ts';

const sha256 = 'e'.repeat(64);
const manifest = {
  version: 1,
  run: 'b8f0c1de-0000-5000-8000-000000000001',
  commit: 'a'.repeat(40),
  files: [{ path: 'model.pkl', uri: 's3://runs/model', size: 3, sha256 }],
  metrics: { rmse: 3.1 },
};

function read(value: unknown) {
  return readManifest(Buffer.from(JSON.stringify(value)));
}

describe('the manifest of a run', () => {
  test('whole — read, and what it says beside is left alone', () => {
    expect(read({ ...manifest, sdk: '2.15' })).toMatchObject({ kind: 'manifest', manifest });
  });

  test.each<[string, unknown, string]>([
    ['another version', { ...manifest, version: 2 }, '"version"'],
    ['no files', { ...manifest, files: [] }, '"files": is empty; expected at least one file'],
    [
      'a file without a digest',
      { ...manifest, files: [{ path: 'model.pkl', uri: 's3://runs/model' }] },
      '"files.0": has no digest; expected sha256 or md5',
    ],
    ['a path that leads out', withPath('../model.pkl'), '"files.0.path": expected a path without'],
    ['a path that begins at the root', withPath('/model.pkl'), '"files.0.path": expected a path without'],
    ['a path of another system', withPath('a\\..\\model.pkl'), '"files.0.path": expected a path without'],
    ['a word where a metric should be', { ...manifest, metrics: { rmse: 'NaN' } }, '"metrics.rmse"'],
    [
      'a name twice',
      { ...manifest, files: [manifest.files[0], manifest.files[0]] },
      '"files" names "model.pkl" twice',
    ],
  ])('%s — is broken, and says where', (_what, value, reason) => {
    expect(read(value)).toMatchObject({ kind: 'broken', reason: expect.stringContaining(reason) });
  });

  test.each([
    ['no JSON', Buffer.from('{')],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ])('%s — is broken', (_what, bytes) => {
    expect(readManifest(bytes)).toEqual({ kind: 'broken', reason: 'it is not JSON in UTF-8' });
  });
});

function withPath(path: string): unknown {
  return { ...manifest, files: [{ ...manifest.files[0], path }] };
}
