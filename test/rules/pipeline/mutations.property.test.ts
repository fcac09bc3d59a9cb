import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { corpusFiles, hasCorpus } from '../../formats/kfp/corpus.ts';
import { valuesOf } from '../../formats/yaml/read.ts';
import { judge } from './judge.ts';

interface TaskSpec {
  componentRef: { name: string };
  dependentTasks?: string[];
}

interface Dag {
  tasks: Record<string, TaskSpec>;
}

interface Component {
  dag?: Dag;
  executorLabel?: string;
}

interface Spec {
  components: Record<string, Component>;
  root: Component;
  deploymentSpec: { executors: Record<string, unknown> };
}

/** Tasks that wait for each other along the arrows of the generated pipeline: each for some of those before it. */
function pipeline(waits: readonly (readonly number[])[]): Spec & Record<string, unknown> {
  const tasks = waits.map((before, index): [string, TaskSpec] => [
    `step-${index}`,
    {
      componentRef: { name: `comp-${index}` },
      ...(before.length > 0
        ? {
            dependentTasks: [...new Set(before)]
              .filter((other) => other < index)
              .map((other) => `step-${other}`),
          }
        : {}),
    },
  ]);
  const all = waits.map((_, index) => index);
  return {
    components: Object.fromEntries(all.map((index) => [`comp-${index}`, { executorLabel: `exec-${index}` }])),
    deploymentSpec: {
      executors: Object.fromEntries(all.map((index) => [`exec-${index}`, { container: { image: 'i' } }])),
    },
    pipelineInfo: { name: 'made' },
    root: { dag: { tasks: Object.fromEntries(tasks) } },
    schemaVersion: '2.1.0',
  };
}

const waits = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 3 }), { minLength: 2, maxLength: 10 });

function rulesFor(spec: unknown): readonly string[] {
  return judge(dump(spec)).map((finding) => finding.rule);
}

describe('pipelines that were right and got one mistake', () => {
  test('nothing changed — nothing is found', () => {
    fc.assert(
      fc.property(waits, (edges) => {
        expect(rulesFor(pipeline(edges))).toEqual([]);
      }),
    );
  });

  test('a component that is used is taken away — undefined-reference, once', () => {
    fc.assert(
      fc.property(waits, fc.nat(), (edges, seed) => {
        const spec = pipeline(edges);
        delete spec.components[`comp-${seed % edges.length}`];
        expect(rulesFor(spec)).toEqual(['pipeline/undefined-reference']);
      }),
    );
  });

  test('an executor is taken away — undefined-reference, once', () => {
    fc.assert(
      fc.property(waits, fc.nat(), (edges, seed) => {
        const spec = pipeline(edges);
        delete spec.deploymentSpec.executors[`exec-${seed % edges.length}`];
        expect(rulesFor(spec)).toEqual(['pipeline/undefined-reference']);
      }),
    );
  });

  test('a task is renamed — undefined-reference for each task that waits for it, and the new name is proposed', () => {
    fc.assert(
      fc.property(waits, (edges) => {
        const spec = pipeline(edges);
        const { 'step-0': first, ...others } = spec.root.dag?.tasks ?? {};
        if (first === undefined) return;
        spec.root.dag = { tasks: { 'first-step-0': first, ...others } };
        const users = Object.values(others).filter((task) => task.dependentTasks?.includes('step-0')).length;
        const findings = judge(dump(spec));
        expect(findings.map((finding) => finding.rule)).toEqual(
          Array(users).fill('pipeline/undefined-reference'),
        );
      }),
    );
  });

  test('a circle is closed — cycle, and every finding prints one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), (length) => {
        const spec = pipeline(Array.from({ length }, (_, index) => (index === 0 ? [] : [index - 1])));
        const first = spec.root.dag?.tasks['step-0'];
        if (first !== undefined) first.dependentTasks = [`step-${length - 1}`];
        const findings = judge(dump(spec));
        expect(findings.map((finding) => finding.rule)).toEqual(['pipeline/cycle']);
        const steps = /step-\d+(?: -> step-\d+)+/.exec(findings[0]?.message ?? '')?.[0].split(' -> ') ?? [];
        expect(steps).toHaveLength(length + 1);
        expect(steps[0]).toBe(steps.at(-1));
      }),
    );
  });

  test('a component that leads back to itself — cycle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), (length) => {
        const spec = pipeline([[]]);
        for (let index = 0; index < length; index += 1) {
          const next = { componentRef: { name: `comp-nested-${(index + 1) % length}` } };
          spec.components[`comp-nested-${index}`] = { dag: { tasks: { inner: next } } };
        }
        if (spec.root.dag !== undefined)
          spec.root.dag.tasks['outer'] = { componentRef: { name: 'comp-nested-0' } };
        expect(rulesFor(spec)).toEqual(['pipeline/cycle']);
      }),
    );
  });

  test.skipIf(!hasCorpus)(
    'any name in a pipeline of the corpus is changed at its use — undefined-reference',
    () => {
      const uses =
        /(\b(?:producerTask|producerSubtask|executorLabel|componentInputParameter|componentInputArtifact|outputParameterKey|outputArtifactKey): )([\w-]+)$/gm;
      const texts = corpusFiles('valid').map(([, bytes]) => bytes.toString().split(/^---$/m)[0] ?? '');
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (file, use) => {
          const text = texts[file % texts.length] ?? '';
          const all = [...text.matchAll(uses)];
          const chosen = all[use % Math.max(1, all.length)];
          if (chosen === undefined) return;
          const broken = `${text.slice(0, chosen.index)}${chosen[1]}no-such-name${text.slice(chosen.index + chosen[0].length)}`;
          expect(new Set(judge(broken).map((finding) => finding.rule))).toEqual(
            new Set(['pipeline/undefined-reference']),
          );
        }),
        { numRuns: 150 },
      );
    },
  );

  test.skipIf(!hasCorpus)('dumped by another YAML writer — still nothing is found', () => {
    for (const [, bytes] of corpusFiles('valid')) {
      for (const document of valuesOf(bytes.toString()).slice(0, 1)) expect(rulesFor(document)).toEqual([]);
    }
  });
});
