import { describe, expect, test } from 'vitest';
import { judge } from './judge.ts';

const head = 'pipelineInfo: {name: p}\nschemaVersion: 2.1.0\n';
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('pipelines made to be slow to judge', () => {
  test.each<[name: string, text: string, rule: string]>([
    [
      'a hundred thousand unknown fields',
      `${head}root: {dag: {}}\n${many(100_000, (index) => `componants${index}: 1`).join('\n')}`,
      'pipeline/shape',
    ],
    [
      'a hundred thousand unknown dependencies',
      `${head}root: {dag: {tasks: {a: {componentRef: {name: c}, dependentTasks: [${many(100_000, (index) => `step${index}`).join(', ')}]}}}}\n`,
      'pipeline/undefined-reference',
    ],
    [
      'ten thousand tasks with ten thousand unknown producers',
      `${head}root: {dag: {tasks: {${many(10_000, (index) => `task-${index}: {componentRef: {name: c}, dependentTasks: [tesk-${index}]}`).join(', ')}}}}\n`,
      'pipeline/undefined-reference',
    ],
    [
      'three hundred tasks that all wait for all',
      `${head}root: {dag: {tasks: {${many(300, (index) => `t${index}: {componentRef: {name: c}, dependentTasks: [${many(300, (other) => `t${other}`).join(', ')}]}`).join(', ')}}}}\n`,
      'pipeline/cycle',
    ],
    [
      'a name of a megabyte',
      `${head}root: {dag: {}, ${'x'.repeat(1000)}${'y'.repeat(1_000_000)}: 1}\n`,
      'pipeline/shape',
    ],
  ])('%s — judged within three seconds, in short messages', (_, text, rule) => {
    const start = performance.now();
    const findings = judge(text);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    expect(
      Math.max(
        ...findings.map(
          (finding) => finding.message.length + (finding.repair?.length ?? 0) + finding.pointer.length,
        ),
      ),
    ).toBeLessThan(3000);
  });
});
