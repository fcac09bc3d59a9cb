import { describe, expect, test } from 'vitest';
import { readDvcConfig } from '../../src/formats/dvc/config.ts';
import { readDvcFile } from '../../src/formats/dvc/read-dvc-file.ts';
import { readLockFile } from '../../src/formats/dvc/read-lock-file.ts';
import { howKept, readPipelineFile } from '../../src/formats/dvc/read-pipeline-file.ts';
import { readPolicy } from '../../src/formats/policy/read-policy.ts';
import { createSource } from '../../src/formats/source.ts';
import { readYaml } from '../../src/formats/yaml/read-yaml.ts';
import { coreScalars } from '../../src/formats/yaml/scalars.ts';
import { defaultLimits as limits } from '../../src/limits.ts';

type Reader = (text: string) => unknown;

const yaml: Reader = (text) => readYaml(createSource('a.yaml', text), { scalars: coreScalars, limits });
const config: Reader = (text) => readDvcConfig(createSource('.dvc/config', text));
const dvc: Reader = (text) => readDvcFile(createSource('a.dvc', text), { root: '', limits });
const policy: Reader = (text) => readPolicy(createSource('.modelgate.yaml', text), []);

/** Outputs of a lock file joined with the stage that dvc.yaml has for them: `text` is the stage's outputs. */
function joined(text: string): void {
  const { value } = readPipelineFile(createSource('dvc.yaml', text), { root: '', limits });
  const stage = value?.stages.get('s');
  if (stage === undefined) throw new Error('no stage');
  for (const path of text.split('\n').slice(3)) howKept(stage, path.slice(6));
}

function lock(text: string): void {
  readLockFile(createSource('dvc.lock', text), { root: '', limits, wdirOf: () => undefined });
}

/** The fastest of three, in milliseconds: what else the machine does only adds to it. */
function timeOf(read: Reader, text: string): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    read(text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('');
}

describe('reading hostile text — eight times as much — takes no sixty-four times as long', () => {
  test.each<[name: string, read: Reader, size: number, text: (size: number) => string]>([
    ['colons and comments before U+2028', yaml, 4000, (n) => `a: [\nk${': |# '.repeat(n)}\u2028x`],
    ['colons and comments before CR', yaml, 4000, (n) => `a: [\nk${': |# '.repeat(n)}\rx`],
    ['blocks in CR lines', yaml, 2000, (n) => numbered(n, (index) => `k${index}: |\r b\r`)],
    ['empty values behind comments in CR lines', yaml, 40, (n) => `- #${'x'.repeat(5000)}\r`.repeat(n)],
    ['variables that are not closed', yaml, 4000, (n) => `a: [${' ${'.repeat(n)}\n]: x: y`],
    ['quotes that are not closed', yaml, 4000, (n) => `a: [${` "'`.repeat(n)}\n]: x: y`],
    ['duplicate keys', yaml, 4000, (n) => 'a: 1\n'.repeat(n)],
    ['conflicts', yaml, 4000, (n) => '<<<<<<<\n>>>>>>>\n'.repeat(n)],
    ['brackets after a section', config, 1200, (n) => `[a${']'.repeat(n)}x\n`],
    ['interpolations that are not closed', config, 600, (n) => `[core]\nremote = ${'%('.repeat(n)}\n`],
    ['a remote in many sections', config, 800, (n) => numbered(n, (i) => `['remote "r"']\nk${i} = 1\n`)],
    ['secrets in secrets', dvc, 500, (n) => numbered(n, (i) => `${' '.repeat(i % 90)}token:\n`)],
    ['secrets in a line', config, 2000, (n) => `a = ${'token: '.repeat(n)}\n`],
    ['words and blanks', config, 4000, (n) => `\n${' '.repeat(n)}a${'\t'.repeat(n)}b\n`],
    ['names before an address', config, 2000, (n) => `url = ${'a:'.repeat(n)}@\n`],
    ['urls in a row', config, 4000, (n) => `a${'://a:'.repeat(n)}\n`],
    ['urls without a host', config, 4000, (n) => '://@'.repeat(n)],
    ['a path of parents', dvc, 4000, (n) => `outs:\n- path: ${'../'.repeat(n)}a\n`],
    [
      'a working directory that goes in circles',
      dvc,
      4000,
      (n) => `wdir: ${'a/../'.repeat(n)}\nouts:\n- path: a\n`,
    ],
    [
      'outputs joined with literal ones',
      joined,
      1500,
      (n) => `stages:\n  s:\n    outs:\n${numbered(n, (i) => `    - p${i}\n`)}`,
    ],
    [
      'outputs joined with templates',
      joined,
      300,
      (n) => `stages:\n  s:\n    outs:\n${numbered(n, (i) => `    - p\${i}${i}\n`)}`,
    ],
    [
      'a template that is never closed',
      joined,
      3000,
      (n) => `stages:\n  s:\n    outs:\n    - ${'${'.repeat(n)}\n    - b`,
    ],
    [
      'outputs of one path',
      lock,
      1000,
      (n) => `schema: '2.0'\nstages:\n  s:\n    outs:\n${'    - path: a\n'.repeat(n)}`,
    ],
    ['unknown keys', policy, 2000, (n) => `version: 1\n${numbered(n, (i) => `k${i}: 1\n`)}`],
  ])('%s', (_, read, size, text) => {
    const once = timeOf(read, text(size));
    const eightfold = timeOf(read, text(size * 8));
    // Below a few milliseconds there is no telling growth from noise.
    expect(eightfold).toBeLessThan(24 * Math.max(once, 2));
  });
});
