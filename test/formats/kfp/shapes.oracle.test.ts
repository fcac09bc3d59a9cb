import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary, fromJson } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deploymentConfigShape,
  kubernetesExecutorShape,
  pipelineSpecShape,
  platformSpecShape,
} from '../../../src/formats/kfp/shapes.ts';
import { checkShape } from '../../../src/formats/schema/check-shape.ts';
import type { Shape } from '../../../src/formats/schema/shape.ts';
import { read, valuesOf } from '../yaml/read.ts';
import { corpusFiles, hasCorpus } from './corpus.ts';

const registry = createFileRegistry(
  fromBinary(
    FileDescriptorSetSchema,
    readFileSync(new URL('pipeline-spec.descriptors.bin', import.meta.url)),
  ),
);

/** Why strict proto JSON reading refuses the value; undefined when it takes it. */
function oracle(message: string, value: unknown, ignoreUnknownFields = false): string | undefined {
  const type = registry.getMessage(message);
  if (type === undefined) throw new Error(`no message ${message}`);
  try {
    fromJson(type, JSON.parse(JSON.stringify(value)), { ignoreUnknownFields, registry });
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** Why our walk refuses it. */
function ours(shape: Shape, value: unknown): string | undefined {
  const root = read(JSON.stringify(value)).documents[0]?.root;
  return root === undefined ? 'empty' : checkShape(root, shape)[0]?.message;
}

/** Where the two disagree; undefined where they agree. */
function disagreement(message: string, shape: Shape, value: unknown, open = false): string | undefined {
  const theirs = oracle(message, value, open);
  const mine = ours(shape, value);
  // Proto JSON keeps numbers that an enumeration does not have; nothing in Kubeflow can run them.
  if (theirs === undefined && /must be one of .* found the number/.test(mine ?? '')) return undefined;
  if ((theirs === undefined) === (mine === undefined)) return undefined;
  return `they: ${theirs ?? 'accept'}; we: ${mine ?? 'accept'}; ${JSON.stringify(value)}`;
}

/** A sound pipeline with one of everything. */
const everything = {
  pipelineInfo: { name: 'p', displayName: 'P', description: null },
  schemaVersion: '2.1.0',
  sdkVersion: 'kfp-2.15.2',
  defaultPipelineRoot: 's3://x',
  deploymentSpec: { executors: { e: { container: { image: 'i', anything: [1] } } } },
  components: {
    'comp-a': {
      executorLabel: 'e',
      inputDefinitions: {
        parameters: {
          n: {
            parameterType: 'NUMBER_INTEGER',
            defaultValue: 10,
            isOptional: true,
            literals: [1, 'x', null],
          },
        },
        artifacts: {
          d: {
            artifactType: { schemaTitle: 'system.Dataset', schemaVersion: '0.0.1' },
            isArtifactList: true,
          },
        },
      },
      outputDefinitions: {
        parameters: { o: { parameterType: 3 } },
        artifacts: { m: { metadata: { a: [1, { b: null }] } } },
      },
      taskConfigPassthroughs: [{ field: 'RESOURCES', applyToTask: true }],
    },
  },
  root: {
    dag: {
      tasks: {
        a: {
          taskInfo: { name: 'a' },
          componentRef: { name: 'comp-a' },
          dependentTasks: ['b'],
          cachingOptions: { enableCache: true },
          triggerPolicy: { condition: 'true', strategy: 'ALL_UPSTREAM_TASKS_COMPLETED' },
          retryPolicy: {
            maxRetryCount: 2,
            backoffDuration: '1.5s',
            backoffFactor: 2.5,
            backoffMaxDuration: '3600s',
          },
          iteratorPolicy: { parallelismLimit: 2 },
          parameterIterator: { items: { raw: '[1]' }, itemInput: 'n' },
          inputs: {
            parameters: {
              n: { runtimeValue: { constant: 1 } },
              c: { runtimeValue: { constantValue: { intValue: '3' } } },
              t: { taskOutputParameter: { producerTask: 'b', outputParameterKey: 'o' } },
            },
            artifacts: { d: { componentInputArtifact: 'd' } },
          },
        },
      },
      outputs: { parameters: { o: { valueFromOneof: { parameterSelectors: [{ producerSubtask: 'a' }] } } } },
    },
  },
};

const deployment = {
  executors: {
    e: {
      container: {
        image: 'i',
        command: ['c'],
        args: [],
        env: [{ name: 'A', value: 'b' }],
        resources: {
          cpuLimit: 1.5,
          memoryLimit: 4,
          accelerator: { count: '2', resourceType: 'gpu', resourceCount: '1' },
        },
      },
    },
    i: {
      importer: {
        artifactUri: { constant: 's3://x' },
        typeSchema: { schemaTitle: 'system.Model' },
        reimport: false,
      },
    },
  },
};

const kubernetes = {
  secretAsVolume: [
    { mountPath: '/m', optional: false, secretNameParameter: { componentInputParameter: 's' } },
  ],
  tolerations: [{ key: 'k', operator: 'Equal', tolerationSeconds: 5 }],
  nodeSelector: { labels: { a: 'b' } },
  securityContext: { runAsUser: '1000', runAsNonRoot: true },
  activeDeadlineSeconds: 60,
};

/** Every place in a value, as a function that puts something else there. */
function* edits(
  value: unknown,
  put: (replacement: unknown) => unknown,
): Generator<(replacement: unknown) => unknown> {
  yield put;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* edits(item, (next) => put(value.with(index, next)));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value))
      yield* edits(item, (next) => put({ ...value, [key]: next }));
  }
}

/** Renames of every key in a value. */
function* renames(
  value: unknown,
  put: (replacement: unknown) => unknown,
): Generator<(name: (key: string) => string) => unknown> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* renames(item, (next) => put(value.with(index, next)));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield (name) =>
        put(
          Object.fromEntries(
            Object.entries(value).map(([old, kept]) => [old === key ? name(old) : old, kept]),
          ),
        );
      yield* renames(item, (next) => put({ ...value, [key]: next }));
    }
  }
}

const replacements: readonly unknown[] = [
  null,
  true,
  0,
  1,
  7.5,
  -1,
  2 ** 31,
  1e3,
  '',
  'x',
  '3',
  '3.5',
  '1s',
  's',
  '0.1s',
  'STRING',
  'NONE',
  'true',
  'NaN',
  [],
  [null],
  ['a'],
  [1],
  [[]],
  {},
  { a: null },
  { a: 1 },
  { name: 'x' },
  { executors: null },
];

const subjects = [
  ['ml_pipelines.PipelineSpec', pipelineSpecShape, everything, false],
  ['ml_pipelines.PipelineDeploymentConfig', deploymentConfigShape, deployment, true],
  [
    'ml_pipelines.PlatformSpec',
    platformSpecShape,
    {
      platforms: {
        kubernetes: {
          deploymentSpec: { executors: { e: kubernetes } },
          pipelineConfig: {
            workspace: { size: '1Gi', kubernetes: { pvcSpecPatch: {} } },
            resourceTtlOnCompletion: 3,
          },
        },
      },
    },
    false,
  ],
  ['kfp_kubernetes.KubernetesExecutorConfig', kubernetesExecutorShape, kubernetes, true],
] as const;

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

describe('shapes agree with strict proto JSON reading', () => {
  test.each(subjects)('%s — a sound value — both accept', (message, shape, value, open) => {
    expect(oracle(message, value, open)).toBeUndefined();
    expect(ours(shape, value)).toBeUndefined();
  });

  test.each(subjects)(
    '%s — anything else at every place — both say the same',
    (message, shape, value, open) => {
      for (const put of edits(value, (next) => next)) {
        for (const replacement of replacements)
          expect(disagreement(message, shape, put(replacement), open)).toBeUndefined();
      }
    },
  );

  test.each(subjects)('%s — every key respelt — both say the same', (message, shape, value, open) => {
    for (const rename of renames(value, (next) => next)) {
      for (const name of [snake, (key: string) => `${key}x`, (key: string) => key.toUpperCase()]) {
        expect(disagreement(message, shape, rename(name), open)).toBeUndefined();
      }
    }
  });

  test.skipIf(!hasCorpus)(
    'the corpus — as it is, and with one place or key changed — both say the same',
    () => {
      const documents = corpusFiles('valid').map(([, bytes]) => valuesOf(bytes.toString())[0]);
      const choose = fc.record({
        file: fc.nat(),
        place: fc.nat(),
        replacement: fc.constantFrom(...replacements),
        rename: fc.boolean(),
      });
      for (const document of documents)
        expect(disagreement('ml_pipelines.PipelineSpec', pipelineSpecShape, document)).toBeUndefined();
      fc.assert(
        fc.property(choose, ({ file, place, replacement, rename }) => {
          const document = documents[file % documents.length];
          const all = rename
            ? [...renames(document, (next) => next)].map((put) => put((key) => `${key}s`))
            : [...edits(document, (next) => next)].map((put) => put(replacement));
          expect(
            disagreement('ml_pipelines.PipelineSpec', pipelineSpecShape, all[place % all.length]),
          ).toBeUndefined();
        }),
        { numRuns: 150 },
      );
    },
  );
});
