import { describe, expect, test } from 'vitest';
import { readDvcConfig } from '../../src/formats/dvc/config.ts';
import { readDvcFile } from '../../src/formats/dvc/read-dvc-file.ts';
import { readPipelineFile } from '../../src/formats/kfp/read-pipeline-file.ts';
import { createProblems } from '../../src/formats/problems.ts';
import { createSource, type Problem } from '../../src/formats/source.ts';
import { defaultLimits as limits } from '../../src/limits.ts';

function problem(code: string): Problem {
  return { code, message: code, span: { start: 0, end: 0 }, pointer: '' };
}

describe('the problems of one file', () => {
  test('200 — all are kept', () => {
    expect(createProblems(Array.from({ length: 200 }, () => problem('a'))).list()).toHaveLength(200);
  });

  test('more — the first 200, and one of code limit that counts the rest', () => {
    const problems = createProblems();
    for (let index = 0; index < 1234; index += 1) problems.push(problem('a'));

    expect(problems.list()).toHaveLength(201);
    expect(problems.list().at(-1)).toMatchObject({
      code: 'limit',
      message: 'after the first 200 problems of this file 1034 more problems are not told',
    });
  });

  test('a limit that was met — after 200 others — is kept', () => {
    const problems = createProblems([...Array.from({ length: 200 }, () => problem('a')), problem('limit')]);

    expect(problems.list().at(-1)).toEqual(problem('limit'));
  });

  test.each<[string, () => readonly Problem[]]>([
    [
      'duplicate keys',
      () => readDvcFile(createSource('a.dvc', 'a: 1\n'.repeat(60_000)), { root: '', limits }).problems,
    ],
    [
      'outputs without paths',
      () =>
        readDvcFile(createSource('a.dvc', `outs:\n${'- {}\n'.repeat(9000)}`), { root: '', limits }).problems,
    ],
    [
      'lines that are no settings',
      () => readDvcConfig(createSource('.dvc/config', 'x\n'.repeat(9000))).problems,
    ],
    ['unknown sections', () => readDvcConfig(createSource('.dvc/config', '[x]\n'.repeat(9000))).problems],
    [
      'conflicts',
      () =>
        readDvcFile(createSource('a.dvc', '<<<<<<<\n>>>>>>>\n'.repeat(9000)), { root: '', limits }).problems,
    ],
  ])('%s by the thousand — are told 200 times', (_, read) => {
    const problems = read();

    expect(problems.filter(({ code }) => code !== 'limit')).toHaveLength(200);
    expect(problems.some(({ code }) => code === 'limit')).toBe(true);
  });

  test('a pipeline with thousands — keeps 200 over all of its documents, and says that there is a limit', () => {
    const document = `pipelineInfo: {name: a}\nschemaVersion: 2.1.0\n${Array.from({ length: 150 }, (_, i) => `x${i}: 1\n`).join('')}`;
    const { file, limit } = readPipelineFile(createSource('p.yaml', `${document}---\n`.repeat(20)), {
      limits,
      named: true,
    });

    expect(file?.documents.flatMap(({ problems }) => problems)).toHaveLength(200);
    expect(limit?.message).toMatch(/^after the first 200 problems/);
  });
});
