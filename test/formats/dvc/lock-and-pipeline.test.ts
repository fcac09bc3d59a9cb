import { describe, expect, test } from 'vitest';
import { readLockFile } from '../../../src/formats/dvc/read-lock-file.ts';
import { readPipelineFile, howKept, stageOf } from '../../../src/formats/dvc/read-pipeline-file.ts';
import { createSource } from '../../../src/formats/source.ts';
import { defaultLimits } from '../../../src/limits.ts';

const hex = 'a71dc1a634d52f0882095bd8ce0acb0c';
const context = { root: '', limits: defaultLimits };

function lock(text: string): ReturnType<typeof readLockFile> {
  return readLockFile(createSource('sub/dvc.lock', text), {
    ...context,
    wdirOf: (stage) => (stage === 'w' ? 'src' : undefined),
  });
}

function pipeline(text: string): ReturnType<typeof readPipelineFile> {
  return readPipelineFile(createSource('dvc.yaml', text), context);
}

function codes(problems: readonly { readonly code: string }[]): readonly string[] {
  return problems.map((problem) => problem.code);
}

describe('dvc.lock', () => {
  test('of format 2.0 — stages, outputs and dependencies — are read', () => {
    const { value, problems } = lock(`schema: '2.0'
stages:
  w:
    cmd: [a, b]
    deps:
    - {path: in.csv, md5: ${hex}}
    params:
      params.yaml: {lr: 0.1}
    outs:
    - {path: out.csv, hash: md5, md5: ${hex}, size: 3}
    - {path: out.csv, hash: md5, md5: ${hex}, size: 4}
`);

    expect(problems).toEqual([]);
    expect(value?.stages[0]?.outputs).toHaveLength(1);
    expect(value?.stages[0]?.outputs[0]).toMatchObject({
      pointer: 'stages/w/outs/1',
      size: 4,
      target: { kind: 'inside', path: 'sub/src/out.csv' },
    });
  });

  test.each([
    ['', 'empty'],
    [`train:\n  cmd: x\n  outs:\n  - {path: a, md5: ${hex}}\n`, 'lock-format'],
    ['stages: {}\n', 'lock-format'],
    ['schema: 2.0\nstages: {}\n', 'lock-format'],
    ["schema: '1.0'\n", 'lock-format'],
    ["schema: '2.0'\nstages:\n  a: {outs: []}\n", 'missing-field'],
    ["schema: '2.0'\nstages:\n  a: {cmd: x, outs: [{md5: abc}]}\n", 'missing-field'],
    ["schema: '2.0'\nstages:\n  a: {cmd: x, other: y}\n", 'unknown-field'],
    ["schema: '2.0'\nother: 1\n", 'unknown-field'],
    [`schema: '2.0'\nstages:\n  a: {cmd: x, outs: [{path: a, md5: ${hex.toUpperCase()}}]}\n`, 'hash-form'],
  ])('%j — is refused', (text, code) => {
    expect(codes(lock(text).problems)).toContain(code);
  });

  test('of format 1.0 — the message — says so', () => {
    expect(lock('train:\n  cmd: x\n').problems[0]?.message).toContain('format 1.0');
  });
});

describe('dvc.yaml', () => {
  test.each([
    ['stages:\n  a: {cmd: x}\n', []],
    ['stages:\n  a: {cmd: [x, y], outs: [o, {p: {cache: false}}]}\n', []],
    ['stages:\n  a: {foreach: [1, 2], do: {cmd: x}}\n', []],
    ['stages:\n  a: {matrix: {m: [1, 2], n: "${x}"}, cmd: x}\n', []],
    ['params: [p.yaml]\nmetrics: [m.json]\nplots: [a.csv, {b: {x: c, y: {f.csv: [a, b]}}}]\n', []],
    ['artifacts:\n  m: {path: a, type: model}\nvars: [a.yaml, {b: 1}]\ndatasets: [{x: 1}]\n', []],
    ['stages:\n', ['wrong-type']],
    ['stages:\n  a: {}\n', ['missing-field']],
    ['stages:\n  a: {cmd: x, deps: }\n', ['wrong-type']],
    ['stages:\n  a: {foreach: [1], do: {cmd: x}, matrix: {m: [1]}}\n', ['unknown-field']],
    ['stages:\n  a: {foreach: [1]}\n', ['missing-field']],
    ['stages:\n  a: {cmd: x, matrix: "${x}"}\n', ['wrong-type']],
    ['stages:\n  a: {cmd: x, matrix: {m: {a: 1}}}\n', ['wrong-type']],
    ['stages:\n  a: {cmd: x, live: {p: {}}}\n', ['unknown-field']],
    ['stages:\n  a: {cmd: x, outs_no_cache: [p]}\n', ['unknown-field']],
    ['plots: {a.csv: {x: y}}\n', ['wrong-type']],
    ['artifacts:\n  m: {type: model}\n', ['missing-field']],
    ['stage:\n  a: {cmd: x}\n', ['unknown-field']],
  ])('%j', (text, expected) => {
    expect(codes(pipeline(text).problems)).toEqual(expected);
  });

  test('how outputs are kept — joined with dvc.lock by path — literal first, then the closest template', () => {
    const { value } = pipeline(`stages:
  train:
    cmd: x
    outs:
    - model.pkl:
        remote: Models
    - \${dir}/big.bin
    metrics:
    - \${dir}/metrics.json:
        cache: false
    - m.json:
        cache: false
    plots:
    - p.csv:
        push: false
  each:
    foreach: [a, b]
    do:
      cmd: x
      outs:
      - out/\${item}.csv:
          cache: false
`);
    const train = value === undefined ? undefined : stageOf(value, 'train');
    const each = value === undefined ? undefined : stageOf(value, 'each@a');
    const kept = (path: string): unknown => train && howKept(train, path);

    expect(kept('model.pkl')).toEqual({
      kind: 'kept',
      settings: { cache: true, push: true, remote: 'models' },
    });
    expect(kept('m.json')).toMatchObject({ settings: { cache: false } });
    expect(kept('p.csv')).toMatchObject({ settings: { cache: true, push: false } });
    expect(kept('runs/1/metrics.json')).toMatchObject({ settings: { cache: false } });
    expect(kept('runs/1/big.bin')).toMatchObject({ settings: { cache: true } });
    expect(kept('unheard-of')).toEqual({ kind: 'gone' });
    expect(each && howKept(each, 'out/a.csv')).toMatchObject({ settings: { cache: false } });
    expect(value && stageOf(value, 'gone')).toBeUndefined();
    expect(value && stageOf(value, 'train@1')).toBeUndefined();
  });

  test('two templates that fit alike and differ — undecided', () => {
    const { value } = pipeline(
      'stages:\n  a:\n    cmd: x\n    outs:\n    - ${p}\n    - ${q}: {cache: false}\n',
    );
    const stage = value && stageOf(value, 'a');

    expect(stage && howKept(stage, 'x')).toEqual({ kind: 'unsure' });
  });
});
