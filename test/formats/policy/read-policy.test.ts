import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import { readPolicy } from '../../../src/formats/policy/read-policy.ts';
import { createSource } from '../../../src/formats/source.ts';

const ruleIds = ['data/lock-stale', 'data/missing-on-remote', 'pipeline/unpinned-image', 'policy/invalid'];

function read(text: string): ReturnType<typeof readPolicy> {
  return readPolicy(createSource('.modelgate.yaml', text), ruleIds);
}

/** `line:column pointer: message`, the text of the place, and the repair. */
function problems(text: string): readonly string[] {
  const source = createSource('.modelgate.yaml', text);
  return readPolicy(source, ruleIds).problems.map(({ span, pointer, message }) => {
    const { line, column } = source.placeOf(span);
    return `${line}:${column} ${pointer}: ${message}`;
  });
}

const design = `# .modelgate.yaml, the repository's policy
version: 1
mode: blocking                 # or advisory
profile: recommended
rules: { pipeline/unpinned-image: error, data/lock-stale: off }
data: { scope: changed, verify: size, maxShrink: 20% }
metrics: { metrics.json: { rmse: { max: 4.0, maxRegression: 2% } } }
pipelines: ["pipelines/*.yaml"]
production:
  branch: main
  environment: prod
  pipeline: pipelines/production-pipeline.yaml
  parameters: { trigger: "\${trigger}", timestamp: "\${timestamp}" }
  triggers: { data: ["**/*.dvc", "!model.pkl.dvc"], feature: ["pipelines/**"], maintenance: [".modelgate.yaml"] }
  model: { from: manifest, format: sklearn, file: model.pkl }     # or from: pointer, path: model.pkl.dvc
  serving: { service: auto-mpg, steps: [10, 50, 100], pause: 10m, minRequests: 200, rollbackWindow: 24h }
`;

describe('policy — right', () => {
  test('the version alone — the defaults', () => {
    expect(read('version: 1\n')).toEqual({ value: defaultPolicy, problems: [], notChecked: [] });
  });

  test('the example of the design — every part of it', () => {
    const { notChecked, pipelineGlobs, ...policy } = read(design);
    expect(pipelineGlobs?.map(({ glob, pointer }) => `${pointer} ${glob}`)).toEqual([
      'pipelines/0 pipelines/*.yaml',
    ]);
    expect(notChecked.map(({ key }) => key)).toEqual([
      'data.maxShrink',
      'production.serving.steps',
      'production.serving.pause',
      'production.serving.minRequests',
      'production.serving.rollbackWindow',
    ]);
    expect(policy).toEqual({
      problems: [],
      value: {
        mode: 'blocking',
        profile: 'recommended',
        rules: { 'pipeline/unpinned-image': 'error', 'data/lock-stale': 'off' },
        data: { scope: 'changed', verify: 'size', maxShrink: 0.2 },
        metrics: { 'metrics.json': { rmse: { max: 4, maxRegression: 0.02 } } },
        pipelines: ['pipelines/*.yaml'],
        production: {
          branch: 'main',
          environment: 'prod',
          pipeline: 'pipelines/production-pipeline.yaml',
          parameters: { trigger: '${trigger}', timestamp: '${timestamp}' },
          triggers: {
            data: ['**/*.dvc', '!model.pkl.dvc'],
            feature: ['pipelines/**'],
            maintenance: ['.modelgate.yaml'],
          },
          deadline: 21_600_000,
          whenNewer: 'finish',
          model: { from: 'manifest', format: 'sklearn', file: 'model.pkl' },
          serving: {
            service: 'auto-mpg',
            protocol: 'v1',
            smoke: [],
            deadline: 900_000,
            steps: [10, 50, 100],
            pause: 600_000,
            minRequests: 200,
            rollbackWindow: 86_400_000,
          },
        },
      },
    });
  });

  test('a model by its pointer, and the defaults of serving', () => {
    const { value } = read(`version: 1
production:
  branch: main
  environment: prod
  pipeline: pipeline.yaml
  model: { from: pointer, format: sklearn, path: model.pkl.dvc }
  serving: { service: auto-mpg }
`);

    expect(value.production).toMatchObject({
      parameters: {},
      triggers: { data: [], feature: [], maintenance: [] },
      model: { from: 'pointer', format: 'sklearn', path: 'model.pkl.dvc' },
      serving: { steps: [10, 50, 100], pause: 600_000, minRequests: 200, rollbackWindow: 86_400_000 },
    });
  });
});

describe('policy — wrong', () => {
  const production = 'version: 1\nproduction:\n  branch: main\n  environment: prod\n  pipeline: p.yaml\n';

  test.each<[string, string, readonly string[]]>([
    ['no version', 'mode: advisory', ['1:1 version: "version" is missing']],
    ['a version to come', 'version: 2', ['1:10 version: "version" must be 1; found the number 2']],
    [
      'a misspelt key',
      'version: 1\nmdoe: advisory',
      ['2:1 mdoe: the file has no field "mdoe"; did you mean "mode"?'],
    ],
    [
      'a misspelt value',
      'version: 1\nmode: blokcing',
      [
        '2:7 mode: "mode" must be one of blocking, advisory, new-only; found the text "blokcing"; did you mean "blocking"?',
      ],
    ],
    [
      'a misspelt rule',
      'version: 1\nrules: { data/lock-stal: off }',
      ['2:10 rules/data~1lock-stal: "rules" has no field "data/lock-stal"; did you mean "data/lock-stale"?'],
    ],
    [
      'a severity that is none',
      'version: 1\nrules: { data/lock-stale: false }',
      [
        '2:27 rules/data~1lock-stale: "data/lock-stale" must be one of error, warning, note, off; found the boolean false',
      ],
    ],
    [
      'a percentage without sign',
      'version: 1\ndata: { maxShrink: 20 }',
      ['2:20 data/maxShrink: "maxShrink": expected a percentage with its sign, for example 20%'],
    ],
    [
      'a regression without direction',
      'version: 1\nmetrics: { m.json: { a: { maxRegression: 2% } } }',
      [
        '2:42 metrics/m.json/a/maxRegression: "maxRegression": needs to know which direction is better; add better: lower, or better: higher',
      ],
    ],
    [
      'a regression with two limits',
      'version: 1\nmetrics: { m.json: { a: { min: 1, max: 2, maxRegression: 2% } } }',
      [
        '2:58 metrics/m.json/a/maxRegression: "maxRegression": needs to know which direction is better; add better: lower, or better: higher',
      ],
    ],
    [
      'a glob that is no list',
      'version: 1\npipelines: a.yaml',
      ['2:12 pipelines: "pipelines" must be a list; found the text "a.yaml"'],
    ],
    [
      'a path that leaves the repository',
      'version: 1\npipelines: [../a.yaml]',
      [
        '2:13 pipelines/0: "0": expected a path from the top of the repository, without leading slash and .., for example pipelines/*.yaml',
      ],
    ],
    [
      'a production without environment',
      'version: 1\nproduction: { branch: main, pipeline: p.yaml }',
      ['2:1 production/environment: "environment": is missing; expected a text, for example prod'],
    ],
    [
      'a model from nowhere',
      `${production}  model: { from: nowhere }`,
      ['6:18 production/model/from: "from" must be one of manifest, pointer'],
    ],
    [
      'a manifest without its file',
      `${production}  model: { from: manifest, format: onnx }`,
      [
        '6:3 production/model/file: "file": is missing; expected a path from the top of the repository, without leading slash and .., for example model.pkl',
      ],
    ],
    [
      'steps that fall',
      `${production}  serving: { service: s, steps: [50, 10] }`,
      [
        '6:26 production/serving/steps: "steps": expected percentages of traffic, rising, the last one 100, for example [10, 50, 100]',
      ],
    ],
    [
      'a pause without unit',
      `${production}  serving: { service: s, pause: 10 }`,
      [
        '6:33 production/serving/pause: "pause": expected a duration with its unit (ms, s, m, h, d), for example 10m',
      ],
    ],
    ['an empty file', '', ['1:1 : the file holds no policy; it starts with "version: 1"']],
    ['comments only', '# later\n', ['1:1 : the file holds no policy; it starts with "version: 1"']],
    ['a list', '- version: 1', ['1:1 : the file holds no policy; it starts with "version: 1"']],
    [
      'two documents',
      'version: 1\n---\nversion: 1',
      ['2:1 : a second document starts here; a policy is one'],
    ],
    [
      'a key twice',
      'version: 1\nmode: advisory\nmode: blocking',
      ['3:1 mode: the key "mode" is here a second time; the first is in line 2'],
    ],
    [
      'many problems',
      'version: 1\nmode: x\nprofile: y',
      [
        '2:7 mode: "mode" must be one of blocking, advisory, new-only; found the text "x"',
        '3:10 profile: "profile" must be one of recommended, strict; found the text "y"',
      ],
    ],
  ])('%s — told at its place, and the defaults apply', (_title, text, expected) => {
    expect(problems(text).map((line) => line.replace('; did you mean "1"?', ''))).toEqual(expected);
    expect(read(text).value).toEqual(defaultPolicy);
  });

  test.each([
    ['broken YAML', 'version: [', 'syntax'],
    ['deep nesting', '['.repeat(10_000), 'limit'],
    ['too many aliases', `a: &a x\nb: [${Array(2000).fill('*a').join(',')}]`, 'limit'],
    [
      'a conflict',
      'version: 1\n<<<<<<< a\nmode: advisory\n=======\nmode: blocking\n>>>>>>> b\n',
      'conflict-marker',
    ],
    ['a key of JavaScript', 'version: 1\n__proto__: { mode: advisory }', 'unknown-field'],
    ['a rule of JavaScript', 'version: 1\nrules: { constructor: off, __proto__: off }', 'unknown-field'],
  ])('%s — a problem, no crash', (_title, text, code) => {
    expect(read(text).problems[0]?.code).toBe(code);
  });

  test.each([
    [
      'wrong values',
      `metrics:\n${Array.from({ length: 100_000 }, (_, index) => `  m${index}: 1`).join('\n')}`,
    ],
    ['unknown keys', Array.from({ length: 100_000 }, (_, index) => `modx${index}: 1`).join('\n')],
    ['keys twice', 'mode: advisory\n'.repeat(50_000)],
  ])('a hundred thousand %s — the first hundred are told, in a bounded time', (_title, text) => {
    const start = performance.now();

    expect(read(`version: 1\n${text}`).problems).toHaveLength(100);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test('any YAML — the defaults or a policy, never a throw; problems lie inside the text', () => {
    const keys = fc.constantFrom(
      'version',
      'mode',
      'rules',
      'data',
      'metrics',
      'production',
      'model',
      'from',
      'steps',
      'policy/invalid',
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('advisory', '20%', 'manifest', 'off'),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 4 }),
      ),
    })).any;
    fc.assert(
      fc.property(value, (plain) => {
        const text = JSON.stringify(plain);
        for (const { span } of read(text).problems) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 500 },
    );
  });
});
