import { expect, test } from 'vitest';
import { readDvcFile } from '../../../src/formats/dvc/read-dvc-file.ts';
import { createSource } from '../../../src/formats/source.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { CheckedOutput } from '../../../src/rules/data/model.ts';
import { copyCommand, humanBytes, pushCommand, remoteName } from '../../../src/rules/data/words.ts';

function node(path: string, root: string, isDefault: boolean): CheckedOutput {
  const text = 'outs:\n- {md5: a71dc1a634d52f0882095bd8ce0acb0c, path: x}\n';
  const { source, value } = readDvcFile(createSource(path, text), { root, limits: defaultLimits });
  const output = value?.outputs[0];
  if (output === undefined) throw new Error('no output');
  const remote = {
    kind: 'remote',
    name: 'my remote',
    url: 's3://b',
    isDefault,
    versionAware: false,
  } as const;
  return { source, output, root, remote, objects: undefined };
}

test.each([
  ['data/x.dvc', '', true, 'dvc push data/x.dvc'],
  ['data/x.dvc', '', false, "dvc push -r 'my remote' data/x.dvc"],
  ["it's data/x.dvc", '', true, "dvc push 'it'\\''s data/x.dvc'"],
  ['sub/data/x.dvc', 'sub', true, 'cd sub && dvc push data/x.dvc'],
  ['sub/dvc.lock', 'sub', true, 'cd sub && dvc push x'],
  ['$(rm -rf)/x.dvc', '', true, "dvc push '$(rm -rf)/x.dvc'"],
])('%s in %j — is pushed by a command that can be pasted', (path, root, isDefault, expected) => {
  expect(pushCommand(node(path, root, isDefault))).toBe(expected);
});

test('data on another remote — is fetched from there and pushed', () => {
  expect(copyCommand(node('x.dvc', '', true), 'dev')).toBe('dvc fetch -r dev x.dvc && dvc push x.dvc');
});

test('a remote — is named with the url that is asked, and with the file of one that is not committed', () => {
  const remote = {
    kind: 'remote',
    name: 'prod',
    url: 's3://b/dvc',
    isDefault: true,
    versionAware: false,
  } as const;
  expect(remoteName(remote)).toBe('remote `prod` (s3://b/dvc)');
  expect(remoteName({ ...remote, from: '.dvc/config.local' })).toBe(
    'remote `prod` (s3://b/dvc, from .dvc/config.local)',
  );
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [3_100_000_000, '3.1 GB'],
  [5e15, '5000.0 TB'],
])('%d — reads as %s', (bytes, expected) => {
  expect(humanBytes(bytes)).toBe(expected);
});
