import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import type { Finding } from '../../../src/domain/finding.ts';
import type { PipelineModel } from '../../../src/formats/kfp/pipeline-model.ts';
import type { Collected } from '../../../src/gate/check.ts';
import { collectPipelines } from '../../../src/gate/collect/pipeline.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { Limits } from '../../../src/limits.ts';
import { applyRules, fingerprintsOf, markExisting } from '../../../src/rules/engine.ts';
import { pipelineRules, visitPipelines } from '../../../src/rules/pipeline/index.ts';
import { createMemoryStores } from '../../support/memory-store.ts';
import { createMemoryTrees } from '../../support/memory-trees.ts';
import type { MemoryFiles } from '../../support/memory-trees.ts';

interface Case {
  readonly base?: MemoryFiles;
  readonly files: MemoryFiles;
  readonly globs?: readonly string[];
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

async function judge(
  given: Case,
): Promise<Collected<PipelineModel> & { findings: readonly Finding[]; reads: number }> {
  const trees = createMemoryTrees();
  const baseTree = trees.add(given.base ?? {});
  const tree = trees.add(given.files);
  const signal = given.signal ?? new AbortController().signal;
  const policy = { ...defaultPolicy, pipelines: given.globs };
  const limits = { ...defaultLimits, ...given.limits };
  const facts = {
    tree,
    baseTree,
    entries: await trees.list(tree, signal),
    baseEntries: await trees.list(baseTree, signal),
    changes: await trees.changes(baseTree, tree, signal),
    policy,
  };
  const stores = createMemoryStores({});
  const collected = await collectPipelines(
    facts,
    { trees, stores, limits, progress: () => undefined },
    signal,
  );
  const settings = { policy, maxFindings: 100 };
  const judged = applyRules(pipelineRules, visitPipelines(collected.model), settings);
  const target = fingerprintsOf(pipelineRules, visitPipelines(collected.baseModel), settings.policy);
  return { ...collected, findings: markExisting(judged.findings, target), reads: trees.reads };
}

const good = `components:
  comp-train:
    executorLabel: exec-train
deploymentSpec:
  executors:
    exec-train:
      container:
        image: python:3.11
pipelineInfo:
  name: training
root:
  dag:
    tasks:
      train:
        componentRef:
          name: comp-train
schemaVersion: 2.1.0
`;
const broken = good.replace('name: comp-train', 'name: comp-trian');
const unreadable = good.replace('schemaVersion', '\tschemaVersion');
const compiled = `# PIPELINE DEFINITION\n# Name: training\n${good}sdkVersion: kfp-2.11.0\n`;

function brief(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ rule, file, origin }) => `${rule} ${file} ${origin}`);
}

describe('which files are pipelines', () => {
  test.each<[name: string, given: Case, found: readonly string[], pipelines: number]>([
    [
      'a new pipeline, by its content',
      { files: { 'x/train.yml': broken } },
      ['pipeline/undefined-reference x/train.yml new'],
      1,
    ],
    [
      'JSON',
      {
        files: {
          'p.json': JSON.stringify({
            pipelineInfo: { name: 'p' },
            schemaVersion: '2.1.0',
            root: { dag: {} },
          }),
        },
      },
      [],
      1,
    ],
    ['another ending is not looked at', { files: { 'train.txt': broken } }, [], 0],
    ['other YAML, sound or not', { files: { 'a.yaml': 'a: 1\n', 'b.yaml': 'a: [\n' } }, [], 0],
    [
      'an unchanged pipeline is left alone',
      { base: { 'p.yaml': broken }, files: { 'p.yaml': broken } },
      [],
      0,
    ],
    [
      'a changed one whose mistake is old',
      { base: { 'p.yaml': broken }, files: { 'p.yaml': `# x\n${broken}` } },
      ['pipeline/undefined-reference p.yaml existing'],
      1,
    ],
    [
      'a changed one with a new mistake',
      { base: { 'p.yaml': good }, files: { 'p.yaml': broken } },
      ['pipeline/undefined-reference p.yaml new'],
      1,
    ],
    ['a removed one', { base: { 'p.yaml': good }, files: {} }, [], 0],
    [
      'one that became unreadable',
      { base: { 'p.yaml': good }, files: { 'p.yaml': 'a: [\n' } },
      ['pipeline/unparsable p.yaml new'],
      1,
    ],
    [
      'one that is unreadable and looks like one',
      { files: { 'p.yaml': unreadable } },
      ['pipeline/unparsable p.yaml new'],
      1,
    ],
    [
      'one that became binary',
      { base: { 'p.yaml': good }, files: { 'p.yaml': Buffer.from([0xff, 0xfe, 0x61, 0x00]) } },
      ['pipeline/unparsable p.yaml new'],
      1,
    ],
    ['binary with the ending of YAML', { files: { 'p.yaml': Buffer.from([0xff, 0x00]) } }, [], 0],
    ['a symbolic link', { files: { 'p.yaml': { link: 'q.yaml' } } }, [], 0],
    [
      'named by the policy, unchanged',
      { base: { 'p/a.yaml': broken }, files: { 'p/a.yaml': broken }, globs: ['p/*'] },
      ['pipeline/undefined-reference p/a.yaml existing'],
      1,
    ],
    ['not named by the policy', { files: { 'q.yaml': broken }, globs: ['p/*'] }, [], 0],
    [
      'taken out again by the policy',
      { files: { 'p/a.yaml': broken, 'p/b.yaml': broken }, globs: ['p/*', '!p/b.yaml'] },
      ['pipeline/undefined-reference p/a.yaml new'],
      1,
    ],
    [
      'named, but binary',
      { files: { 'p.zip': Buffer.from([0x50, 0x4b, 3, 4, 0xff]) }, globs: ['*.zip'] },
      ['pipeline/unparsable p.zip new'],
      1,
    ],
    [
      'named, but empty',
      { files: { 'p.yaml': '# nothing\n' }, globs: ['*.yaml'] },
      ['pipeline/shape p.yaml new'],
      1,
    ],
  ])('%s', async (_, given, found, pipelines) => {
    const { findings, counts, unknowns, reads } = await judge(given);
    expect(brief(findings)).toEqual(found);
    expect(counts).toEqual({ pipelines });
    expect(unknowns).toEqual([]);
    expect(reads).toBeLessThanOrEqual(1);
  });
});

/** The text up to a mark, the mark included. */
function upTo(mark: string, text = compiled): string {
  return text.slice(0, text.indexOf(mark) + mark.length);
}

function utf16(text: string, order: 'LE' | 'BE', mark = true): Buffer {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return order === 'LE' ? bytes : bytes.swap16();
}

describe('a pipeline that is broken so that it is none any more', () => {
  const unparsable = ['pipeline/unparsable p.yaml new'];
  test.each<[name: string, text: string | Buffer]>([
    ['cut off inside a quoted text', good.slice(0, 30) + ' "never closed'],
    ['cut off inside a key', upTo('deploymentS')],
    ['cut off where the rest is YAML', upTo('executorLabel: exec-train\n')],
    ['cut off after two fields', upTo('image: python:3.11\n')],
    ['cut off inside the comment at its top', upTo('# Name')],
    ['cut off in its first word', 'compo'],
    ['cut off to nothing', ''],
    ['cut off inside a letter', Buffer.concat([Buffer.from(upTo('executorLabel: ')), Buffer.from([0xc3])])],
    ['UTF-16', utf16(compiled, 'LE')],
    ['UTF-16, the other order', utf16(compiled, 'BE')],
    ['UTF-16 without a byte order mark', utf16(compiled, 'LE', false)],
    ['UTF-16 without a byte order mark, the other order', utf16(compiled, 'BE', false)],
    ['UTF-16, cut off', utf16(upTo('executors:'), 'LE').subarray(0, -1)],
  ])('it was one on the target, now %s — unparsable', async (_, text) => {
    const judged = await judge({ base: { 'p.yaml': good }, files: { 'p.yaml': text } });
    expect(brief(judged.findings)).toEqual(unparsable);
    expect(judged.counts).toEqual({ pipelines: 1 });
  });

  test.each<[name: string, text: string | Buffer]>([
    ['cut off inside a quoted text', upTo('name: training').replace(/training$/, '"never closed')],
    ['cut off inside a key', upTo('deploymentS')],
    ['cut off where the rest is YAML', upTo('executorLabel: exec-train\n')],
    ['cut off after its first lines', upTo('# Name: training\n')],
    ['without the comment, cut off after its components', upTo('executorLabel: exec-train\n', good)],
    ['without the comment, cut off in deploymentSpec', upTo('deploymentSpec:\n  executors:\n', good)],
    ['without the comment, cut off in a key below deploymentSpec', upTo('exec-train:\n      cont', good)],
    ['its version of the SDK alone', 'sdkVersion: kfp-2.11.0\n'],
    ['cut off inside a letter', Buffer.concat([Buffer.from(upTo('executorLabel: ')), Buffer.from([0xc3])])],
    ['UTF-16', utf16(compiled, 'LE')],
    ['UTF-16, the other order', utf16(good, 'BE')],
    ['UTF-16 without a byte order mark', utf16(good, 'LE', false)],
    ['UTF-16, cut off', utf16(upTo('executors:'), 'LE').subarray(0, -1)],
    ['in Latin-1', Buffer.from(compiled.replace('training', 'Prüfung'), 'latin1')],
  ])('it is new, %s — unparsable by the marks at its beginning', async (_, text) => {
    const judged = await judge({ files: { 'p.yaml': text } });
    expect(brief(judged.findings)).toEqual(unparsable);
    expect(judged.counts).toEqual({ pipelines: 1 });
  });

  test('a Kubernetes object that lost its pipeline — unparsable', async () => {
    const object =
      'apiVersion: pipelines.kubeflow.org/v2beta1\nkind: PipelineVersion\nmetadata:\n  name: v1\n';
    const spec = `spec:\n  pipelineSpec:\n${good.replace(/^(?=.)/gm, '    ')}`;
    const judged = await judge({ base: { 'p.yaml': object + spec }, files: { 'p.yaml': object } });
    expect(brief(judged.findings)).toEqual(unparsable);
  });

  test.each<[name: string, text: string | Buffer, base?: string]>([
    ['another thing in a place where a pipeline was', 'replicas: 2\nimage: web\n', good],
    ['a devfile', 'schemaVersion: 2.2.0\nmetadata: {name: web}\ncomponents: [{name: tools}]\n'],
    ['an OpenAPI document', 'openapi: 3.0.3\ncomponents: {schemas: {}}\n'],
    ["another system's pipelineInfo", 'pipelineInfo: {name: build}\nstages: [build, test]\n'],
    ["another system's header", '# PIPELINE DEFINITION\nstages: [build, test]\n'],
    ['UTF-16 that is no pipeline', utf16('stages: [build]\n', 'LE')],
    ['a broken file that is no pipeline', 'stages: [build\n'],
  ])("%s — nobody's business", async (_, text, base) => {
    const judged = await judge({
      base: base === undefined ? {} : { 'p.yaml': base },
      files: { 'p.yaml': text },
    });
    expect(brief(judged.findings)).toEqual([]);
    expect(judged.counts).toEqual({ pipelines: 0 });
  });

  test('cut off — the finding stands at the end and says what is missing', async () => {
    const { findings } = await judge({ files: { 'p.yaml': upTo('image: python:3.11\n') } });
    expect(findings[0]).toMatchObject({
      message:
        'The pipeline ends here, before it is complete: `pipelineInfo`, `root` and `schemaVersion` are missing.',
      place: { line: 10 },
    });
  });

  test('UTF-16 — the excerpt shows the text', async () => {
    const { findings } = await judge({ files: { 'p.yaml': utf16(compiled, 'LE') } });
    expect(findings[0]?.excerpt?.lines[0]).toBe('# PIPELINE DEFINITION');
  });
});

describe('limits', () => {
  const aliases = `a: &a 1\nb: [${'*a,'.repeat(2000)}]\n`;
  test.each<[name: string, given: Case, unknowns: readonly string[]]>([
    [
      'a large new pipeline that nobody names',
      { files: { 'big.yaml': `${good}# ${'x'.repeat(2000)}` }, limits: { fileBytes: 1000 } },
      [`file big.yaml: ${good.length + 2002} bytes are more than 1000 (limit fileBytes)`],
    ],
    [
      'a large new pipeline in UTF-16',
      { files: { 'big.yaml': utf16(good, 'LE') }, limits: { fileBytes: 300 } },
      [`file big.yaml: ${2 * good.length + 2} bytes are more than 300 (limit fileBytes)`],
    ],
    [
      'large YAML and JSON that is no pipeline',
      {
        files: {
          'data.json': `{"rows": "${'x'.repeat(2000)}"}`,
          'k8s.yaml': `kind: List # ${'x'.repeat(2000)}`,
        },
        limits: { fileBytes: 1000 },
      },
      [],
    ],
    [
      'a large pipeline on the target that became large YAML of another kind',
      {
        base: { 'p.yaml': `${good}# ${'x'.repeat(2000)}` },
        files: { 'p.yaml': `a: ${'x'.repeat(2000)}` },
        limits: { fileBytes: 1000 },
      },
      ['file p.yaml: 2003 bytes are more than 1000 (limit fileBytes)'],
    ],
    [
      'a large file that the policy names',
      { files: { 'big.yaml': good }, globs: ['*.yaml'], limits: { fileBytes: 100 } },
      [`file big.yaml: ${good.length} bytes are more than 100 (limit fileBytes)`],
    ],
    [
      'a pipeline that became large',
      {
        base: { 'p.yaml': good },
        files: { 'p.yaml': `${good}# ${'x'.repeat(2000)}` },
        limits: { fileBytes: 1000 },
      },
      [`file p.yaml: ${good.length + 2002} bytes are more than 1000 (limit fileBytes)`],
    ],
    [
      'a pipeline with too many aliases',
      { files: { 'p.yaml': `${good}${aliases}` } },
      ['file p.yaml: more than 1000 aliases (limit yamlAliases)'],
    ],
    ['other YAML with too many aliases', { files: { 'p.yaml': aliases } }, []],
    [
      'too many files',
      { files: { 'a.yaml': good, 'b.yaml': good }, limits: { files: 1 } },
      ['pipeline files: 2 files may be pipelines, more than 1 (limit files)'],
    ],
  ])('%s', async (_, given, unknowns) => {
    const collected = await judge(given);
    expect(
      collected.unknowns.map(
        ({ what, cause, message }) => `${what}: ${message}${cause === 'limit' ? '' : cause}`,
      ),
    ).toEqual(unknowns);
  });

  test('an aborted signal — its reason is thrown', async () => {
    const reason = new Error('superseded');
    await expect(judge({ files: { 'p.yaml': good }, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
