import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readManifest } from '../../src/formats/manifest/read-manifest.ts';
import { readPolicy } from '../../src/formats/policy/read-policy.ts';
import { createSource } from '../../src/formats/source.ts';
import { ruleIds } from '../../src/rules/index.ts';

const repository = join(import.meta.dirname, '..', '..', 'examples', 'auto-mpg', 'repository');
const python = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined;

function text(path: string): string {
  return readFileSync(join(repository, path), 'utf8');
}

const policy = readPolicy(createSource('.modelgate.yaml', text('.modelgate.yaml')), ruleIds);
const pipeline = z
  .object({
    deploymentSpec: z.object({
      executors: z.record(z.string(), z.object({ container: z.object({ command: z.array(z.string()) }) })),
    }),
    root: z.object({ inputDefinitions: z.object({ parameters: z.record(z.string(), z.unknown()) }) }),
  })
  .parse(load(text(policy.value.production?.pipeline ?? '')));
const putLine = z.tuple([z.string(), z.string(), z.string()]);

describe('the example', () => {
  test('its policy — right, and nothing in it is left unchecked', () => {
    expect(policy.problems).toEqual([]);
    expect(policy.notChecked).toEqual([]);
  });

  test('its parameters — the pipeline has an input for each', () => {
    const { parameters } = pipeline.root.inputDefinitions;

    expect(Object.keys(parameters)).toEqual(
      expect.arrayContaining(Object.keys(policy.value.production?.parameters ?? {})),
    );
  });
});

/** Stands in for the library of the object store: what is put becomes a line. */
const boto3 = `import base64, json
class Client:
    def put_object(self, Bucket, Key, Body):
        with open('put.jsonl', 'a') as file:
            file.write(json.dumps([Bucket, Key, base64.b64encode(Body).decode()]) + '\\n')
def client(name):
    return Client()
`;

describe.skipIf(python === undefined)('the last step of its pipeline (needs python3)', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modelgate-example-'));
    mkdirSync(join(folder, 'library'));
    writeFileSync(join(folder, 'library', 'boto3.py'), boto3);
    writeFileSync(join(folder, 'model'), 'a model');
    writeFileSync(join(folder, 'metrics'), '{"rmse": 2.75, "trigger": "data"}');
    writeFileSync(join(folder, 'put.jsonl'), '');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function handOver(manifest: string): readonly (readonly [string, string, Buffer])[] {
    const program = pipeline.deploymentSpec.executors['exec-hand-over']?.container.command.at(-1) ?? '';
    const args = ['-c', program, 'model', 'metrics', 'run-1', 'c0ffee', manifest];
    const env = { PATH: process.env['PATH'], PYTHONPATH: join(folder, 'library') };
    execFileSync(python ?? '', args, { cwd: folder, env });
    const lines = readFileSync(join(folder, 'put.jsonl'), 'utf8').trim().split('\n');
    return lines
      .filter((line) => line !== '')
      .map((line) => putLine.parse(JSON.parse(line)))
      .map(([bucket, key, body]) => [bucket, key, Buffer.from(body, 'base64')]);
  }

  test('an address — the model, and then a manifest that we can read', () => {
    const put = handOver('s3://models/serving/handover/run-1.json');

    expect(put.map(([bucket, key]) => `${bucket}/${key}`)).toEqual([
      'models/serving/handover/run-1/model.pkl',
      'models/serving/handover/run-1.json',
    ]);
    expect(put[0]?.[2].toString()).toBe('a model');
    expect(readManifest(put[1]?.[2] ?? Buffer.alloc(0))).toEqual({
      kind: 'manifest',
      manifest: {
        version: 1,
        run: 'run-1',
        commit: 'c0ffee',
        format: 'sklearn',
        files: [
          {
            path: 'model.pkl',
            uri: 's3://models/serving/handover/run-1/model.pkl',
            size: 7,
            sha256: createHash('sha256').update('a model').digest('hex'),
          },
        ],
        metrics: { rmse: 2.75 },
      },
    });
  });

  test('no address — nothing is put', () => {
    expect(handOver('')).toEqual([]);
  });
});
