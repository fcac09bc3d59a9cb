import { z } from 'zod';
import { duration, percentage, repositoryPath, text } from './fields.ts';

/** Said of keys that `notChecked` lists. */
const notYet = 'This version does not check it yet.';
const notSteps = 'This version replaces the model at once, when the new one is ready.';

/** The repository's policy, `.modelgate.yaml`; `ruleIds` are the keys of `rules`. */
export function policySchema(ruleIds: readonly string[]) {
  return z.strictObject({
    version: z
      .literal(1)
      .describe('Version of this format.')
      .meta({ examples: [1] }),
    mode: z
      .enum(['blocking', 'advisory', 'new-only'])
      .default('blocking')
      .describe(
        '`blocking`: an error fails the change. `advisory`: nothing does, everything is shown. `new-only`: only what the change brings fails it.',
      ),
    profile: z
      .enum(['recommended', 'strict'])
      .default('recommended')
      .describe(
        '`recommended`: what the platform would refuse or silently break, and what is dangerous. `strict`: house rules as well.',
      ),
    rules: rules(ruleIds).prefault({}).describe('Rule id and severity: `error`, `warning`, `note` or `off`.'),
    data: data().prefault({}).describe('How tracked data is checked.'),
    metrics: z
      .record(z.string(), z.record(z.string(), metricLimits()))
      .default({})
      .describe(
        'Metrics file, metric (`a.b` for nested ones), and the limits that it has to keep before a model is published. This version does not check them on a change.',
      ),
    pipelines: globs(
      'Pipeline files; without it every YAML file whose content is a compiled pipeline.',
      'pipelines/*.yaml',
    ).optional(),
    production: production()
      .optional()
      .describe('How merged changes reach production; without it they do not.'),
  });
}

function rules(ruleIds: readonly string[]) {
  const severity = z.enum(['error', 'warning', 'note', 'off']).optional();
  return z.strictObject(Object.fromEntries(ruleIds.map((id) => [id, severity])));
}

function data() {
  return z.strictObject({
    scope: z
      .enum(['changed', 'all'])
      .default('changed')
      .describe('`changed`: outputs that the target does not reference alike. `all`: every output.'),
    verify: z
      .enum(['existence', 'size', 'content'])
      .default('size')
      .describe(
        'What is asked of an object: that it exists, that its size agrees too, or that its content does. This version always asks for `size`.',
      ),
    maxShrink: percentage(`How much smaller a tracked output may become. ${notYet}`, '20%').optional(),
  });
}

function metricLimits() {
  return z
    .strictObject({
      min: z
        .number()
        .optional()
        .describe('Least value.')
        .meta({ examples: [0.9] }),
      max: z
        .number()
        .optional()
        .describe('Greatest value.')
        .meta({ examples: [4] }),
      maxRegression: percentage('How much worse than on the target it may be.', '2%').optional(),
      better: z
        .enum(['lower', 'higher'])
        .optional()
        .describe('Which direction is better; `max` alone says lower, `min` alone says higher.'),
    })
    .superRefine(({ min, max, maxRegression, better }, context) => {
      if (maxRegression === undefined || better !== undefined || (min === undefined) !== (max === undefined))
        return;
      context.addIssue({
        code: 'custom',
        path: ['maxRegression'],
        message: 'needs to know which direction is better; add better: lower, or better: higher',
      });
    });
}

function production() {
  return z.strictObject({
    branch: text('Branch whose tip is released.', 'main'),
    environment: text("Environment in the server's configuration.", 'prod'),
    pipeline: repositoryPath('File of the production pipeline.', 'pipelines/production-pipeline.yaml'),
    parameters: z
      .record(
        z.string(),
        z.union([z.string(), z.number(), z.boolean()], { error: 'expected a text, a number, true or false' }),
      )
      .default({})
      .describe(
        'Parameters of a run. Texts may hold `${trigger}`, `${timestamp}`, `${commit}`, `${branch}`, `${run}` (the id of the run) and `${manifest}` (the address where the run is to write its manifest).',
      ),
    triggers: triggers()
      .prefault({})
      .describe('Which files make which class of release; `!` at the front excludes.'),
    deadline: duration('What a run may take before it is terminated.', '6h').prefault('6h'),
    whenNewer: z
      .enum(['finish', 'replace'])
      .default('finish')
      .describe(
        'What becomes of a run when a newer commit is merged: `finish`: it goes on, and the newest commit is next. `replace`: it is terminated, and the newer commit takes its place.',
      ),
    model: model()
      .optional()
      .describe('Where the trained model is found; without it the release ends with the run.'),
    serving: serving()
      .optional()
      .describe('How the model is rolled out; without it the release ends with the publication.'),
  });
}

function triggers() {
  return z.strictObject({
    data: globs('The data changed.', '**/*.dvc').default([]),
    feature: globs('The pipeline changed.', 'pipelines/**').default([]),
    maintenance: globs('The configuration changed.', '.modelgate.yaml').default([]),
  });
}

function model() {
  const format = 'Model format, as KServe names it.';
  return z.discriminatedUnion(
    'from',
    [
      z.strictObject({
        from: z.literal('manifest').describe('`manifest`: the run writes one at a known address.'),
        format: text(format, 'sklearn'),
        file: repositoryPath("With `manifest`: file of the model in the run's output.", 'model.pkl'),
      }),
      z.strictObject({
        from: z.literal('pointer').describe('`pointer`: the run commits a DVC pointer.'),
        format: text(format, 'sklearn').prefault('sklearn'),
        path: repositoryPath("With `pointer`: the pointer's file.", 'model.pkl.dvc'),
        file: repositoryPath(
          'With `pointer`: name under which the file is published; without it the name that the pointer has.',
          'model.pkl',
        ).optional(),
      }),
    ],
    { error: '"from" must be one of manifest, pointer' },
  );
}

function serving() {
  return z.strictObject({
    service: text('The InferenceService.', 'auto-mpg'),
    protocol: z
      .enum(['v1', 'v2'])
      .default('v1')
      .describe('Inference protocol of the service: `v1` or `v2` (Open Inference Protocol).'),
    smoke: z
      .array(smoke())
      .default([])
      .describe('Predictions that the new model is asked for before it is called done.'),
    deadline: duration(
      'What the new model may take to come up before the old one is put back.',
      '15m',
    ).prefault('15m'),
    steps: z
      .array(
        z.int().min(1, 'expected a percentage from 1 to 100').max(100, 'expected a percentage from 1 to 100'),
      )
      .refine(
        (steps) =>
          steps.at(-1) === 100 && steps.every((step, index) => index === 0 || step > (steps[index - 1] ?? 0)),
        'expected percentages of traffic, rising, the last one 100, for example [10, 50, 100]',
      )
      .default([10, 50, 100])
      .describe(`Percentages of traffic, rising, the last one 100. ${notSteps}`),
    pause: duration(`Time between two steps. ${notSteps}`, '10m').prefault('10m'),
    minRequests: z
      .int()
      .min(0, 'expected 0 or more')
      .default(200)
      .describe(`Requests without which a step has no evidence. ${notSteps}`),
    rollbackWindow: duration(
      `How long the old model is kept and the new one watched. ${notSteps}`,
      '24h',
    ).prefault('24h'),
  });
}

function smoke() {
  return z.strictObject({
    request: z
      .json()
      .describe('Body of the request, as the protocol has it.')
      .meta({ examples: [{ instances: [[8, 307]] }] }),
    expect: z
      .json()
      .optional()
      .describe('What the answer must hold: every key that stands here, with this value.')
      .meta({ examples: [{ predictions: [17.5] }] }),
    tolerance: z
      .number()
      .min(0, 'expected 0 or more')
      .default(0)
      .describe('How far numbers of the answer may be from the expected ones.'),
  });
}

function globs(about: string, example: string) {
  return z
    .array(repositoryPath('A path pattern.', example))
    .describe(about)
    .meta({ examples: [[example]] });
}
