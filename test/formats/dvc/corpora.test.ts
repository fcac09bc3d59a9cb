import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDvcConfig } from '../../../src/formats/dvc/config.ts';
import { readDvcFile } from '../../../src/formats/dvc/read-dvc-file.ts';
import { readLockFile } from '../../../src/formats/dvc/read-lock-file.ts';
import { readPipelineFile } from '../../../src/formats/dvc/read-pipeline-file.ts';
import { createSource, type Problem } from '../../../src/formats/source.ts';
import { decodeUtf8 } from '../../../src/formats/yaml/decode.ts';
import { defaultLimits as limits } from '../../../src/limits.ts';
import { breachOf } from '../../../src/rules/data/problems.ts';

const corpora = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'shared', 'corpora');
const folder = join(corpora, 'dvc');
const schemas = 'dvcyaml-schema-examples/examples';
const template =
  'owid-etl/apps/wizard/etl_steps/cookiecutter/snapshot/{{cookiecutter.namespace}}/{{cookiecutter.snapshot_version}}/{{cookiecutter.short_name}}.{{cookiecutter.file_extension}}.dvc';

/** What DVC 3 rejects: file → code and line of each error. Every other file must be free of errors. */
const rejected: Readonly<Record<string, readonly string[]>> = {
  // Remotes at Windows paths, and a section that is there twice.
  'ab-testing/.dvc/config': ['duplicate-section 14', 'unportable 13', 'unportable 15', 'unportable 7'],
  // A stage in a .dvc file, as DVC 0.x wrote it.
  'dagshub-client/examples/pytorch-lightning/hyperparams-as-dependency/train.dvc': [
    'removed-key 1',
    'removed-key 10',
  ],
  [`${schemas}/invalid/artifacts.extra.dvc.yaml`]: ['missing-field 2', 'unknown-field 4'],
  [`${schemas}/invalid/matrix.extra.dvc.yaml`]: ['unknown-field 7'],
  [`${schemas}/invalid/metrics.extra.dvc.yaml`]: ['unknown-field 7'],
  [`${schemas}/invalid/plots.extra.dvc.yaml`]: ['unknown-field 15', 'wrong-type 1'],
  [`${schemas}/invalid/toplevel.extra.dvc.yaml`]: ['unknown-field 1'],
  // Plots as a mapping: rejected since 3.0 (specs dvc 2.1).
  [`${schemas}/valid/plots_dict.dvc.yaml`]: ['wrong-type 1'],
  // Lock files of format 1.0.
  'example-get-started-s3/dvc.lock': ['lock-format 1'],
  'example-get-started-s3@6-prep-stage/dvc.lock': ['lock-format 1'],
  // A template with the extension of a metafile.
  [template]: ['syntax 3'],
  // A key of another tool.
  'owid-etl/snapshots/artificial_intelligence/2025-03-12/epoch.csv.dvc': ['unknown-field 3'],
  'owid-etl/snapshots/artificial_intelligence/2026-01-30/epoch_benchmark_data.zip.dvc': ['unknown-field 3'],
};

function problemsOf(file: string, path: string): readonly string[] {
  const source = createSource(path, decodeUtf8(readFileSync(file)).text ?? '');
  const { problems } = readAny(source);
  const errors = problems.filter(
    (problem) => breachOf({ source, problems, outsideProject: undefined }, problem).severity !== 'warning',
  );
  return errors.map(({ code, span }: Problem) => `${code} ${source.placeOf(span).line}`).toSorted();
}

function readAny(source: ReturnType<typeof createSource>): { readonly problems: readonly Problem[] } {
  const name = basename(source.path);
  if (name.endsWith('.dvc')) return readDvcFile(source, { root: '', limits });
  if (name === 'dvc.lock') return readLockFile(source, { root: '', limits, wdirOf: () => undefined });
  return name.endsWith('dvc.yaml') ? readPipelineFile(source, { root: '', limits }) : readDvcConfig(source);
}

const isOurs = /(?:\.dvc|dvc\.yaml|dvc\.lock|\.dvc\/config)$/;

describe.skipIf(!existsSync(folder))('files of public repositories (corpora/dvc)', () => {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (file) => isOurs.test(file) && basename(file) !== '.dvc',
      )
    : [];

  test('are all here', () => {
    expect(files.length).toBeGreaterThan(150);
    expect(Object.keys(rejected).filter((file) => !files.includes(file))).toEqual([]);
  });

  test.each(files)('%s', (file) => {
    const path = file.slice(file.indexOf('/') + 1);

    expect(problemsOf(join(folder, file), path)).toEqual(rejected[file] ?? []);
  });
});

describe.skipIf(!existsSync(join(corpora, 'mlops-demo')))('corpora/mlops-demo', () => {
  test.each([
    ['data.csv.dvc', 'data.csv.dvc'],
    ['dvc-config', '.dvc/config'],
  ])('%s — has no error', (file, path) => {
    expect(problemsOf(join(corpora, 'mlops-demo', file), path)).toEqual([]);
  });
});
