import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/formats/yaml/decode.ts';
import { corpusFiles, hasCorpus } from '../../formats/kfp/corpus.ts';
import { judge } from './judge.ts';

describe.skipIf(!hasCorpus)("Kubeflow's own test files", () => {
  test.each(corpusFiles('valid'))('valid/%s — nothing is found', (_, bytes) => {
    expect(judge(bytes.toString(), true)).toEqual([]);
  });

  test.each(corpusFiles('argo'))('argo/%s — recognised, and advised to compile anew', (_, bytes) => {
    expect(judge(bytes.toString())).toMatchObject([
      { rule: 'pipeline/legacy', severity: 'warning', repair: expect.stringContaining('KFP SDK 2') },
    ]);
  });

  test.each(corpusFiles('invalid'))('invalid/%s — refused', (_, bytes) => {
    const { text, problem } = decodeUtf8(bytes);
    const reasons =
      text === undefined ? [problem.code] : judge(text, true).map((finding) => finding.severity);
    expect(['error', 'encoding']).toEqual(expect.arrayContaining([...reasons]));
    expect(reasons).toHaveLength(1);
  });

  test.each([
    ['invalid_yaml.yaml', 'PipelineSpec has no field "components_1"; did you mean "components"?'],
    ['no_name.yaml', 'The pipeline has no name (pipelineInfo.name); Kubeflow refuses it.'],
  ])('invalid/%s — the message says why', (name, message) => {
    const bytes = corpusFiles('invalid').find(([file]) => file === name)?.[1];
    expect(judge(String(bytes), true)[0]?.message).toBe(message);
  });

  test('a pipeline of 16 KB — read and judged in less than 10 ms, warm', () => {
    const text = String(
      corpusFiles('valid').find(([file]) => file.endsWith('pipeline_with_nested_conditions.yaml'))?.[1],
    );
    for (let round = 0; round < 30; round += 1) judge(text);
    const start = performance.now();
    for (let round = 0; round < 20; round += 1) judge(text);
    expect((performance.now() - start) / 20).toBeLessThan(10);
  });
});
