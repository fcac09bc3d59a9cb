import { describe, expect, test } from 'vitest';
import { boundEnvironment, mayRelease, type Environment } from '../../src/domain/environment.ts';
import type { Production, ServingPlan } from '../../src/domain/policy.ts';

const prod: Environment = {
  name: 'prod',
  serves: (path) => path === 'ml/auto-mpg',
  names: (branch) => branch.startsWith('release-'),
  releasesPerDay: 10,
  trains: true,
  publish: 's3://models/serving/',
  handover: 's3://models/serving/handover/',
  mayChange: (service) => service.startsWith('auto-'),
};
const serving: ServingPlan = {
  service: 'auto-mpg',
  protocol: 'v1',
  smoke: [],
  deadline: 600_000,
  steps: [100],
  pause: 0,
  minRequests: 0,
  rollbackWindow: 0,
};
const production: Production = {
  branch: 'main',
  environment: 'prod',
  pipeline: 'pipelines/production.yaml',
  parameters: {},
  triggers: { data: [], feature: [], maintenance: [] },
  deadline: 3_600_000,
  whenNewer: 'finish',
  model: { from: 'manifest', format: 'sklearn', file: 'model.pkl' },
  serving,
};
const main = { path: 'ml/auto-mpg', branch: 'main', isDefault: true };

describe('a branch', () => {
  test.each([
    ['the default branch', main, true],
    ['the default branch of a repository that nothing is bound to', { ...main, path: 'ml/other' }, true],
    ['a branch that is named', { ...main, branch: 'release-1', isDefault: false }, true],
    [
      'a branch that is named for another repository',
      { path: 'ml/other', branch: 'release-1', isDefault: false },
      false,
    ],
    ['any other branch', { ...main, branch: 'feature/x', isDefault: false }, false],
  ])('%s — may be released: %#', (_, tip, may) => {
    expect(mayRelease(tip, [prod])).toBe(may);
  });
});

describe('the environment that a policy names', () => {
  const bind = (change: Partial<Production> = {}, environment: Partial<Environment> = {}, of = main) =>
    boundEnvironment({ ...production, ...change }, of, new Map([['prod', { ...prod, ...environment }]]));

  test('bound — is the one', () => expect(bind()).toMatchObject({ name: 'prod' }));

  test('training alone — needs neither a place for models nor KServe', () =>
    expect(
      bind({ model: undefined, serving: undefined }, { publish: undefined, mayChange: undefined }),
    ).toMatchObject({
      name: 'prod',
    }));

  test.each<[string, ReturnType<typeof bind>, string, string]>([
    ['not there', bind({ environment: 'staging' }), 'not bound', 'environments.staging.repositories'],
    ['bound to others', bind({}, {}, { ...main, path: 'ml/other' }), 'not bound to ml/other', 'ml/other'],
    [
      'of another branch',
      bind({}, {}, { ...main, branch: 'next', isDefault: false }),
      '"next"',
      'environments.prod.branches',
    ],
    ['without Kubeflow', bind({}, { trains: false }), 'no Kubeflow', 'environments.prod.kubeflow'],
    ['without a place', bind({}, { publish: undefined }), 'publish', 'environments.prod.publish'],
    ['without KServe', bind({}, { mayChange: undefined }), 'no KServe', 'environments.prod.kserve'],
    ['serving no model', bind({ model: undefined }), 'no model to serve', 'production.model'],
    [
      'of other services',
      bind({ serving: { ...serving, service: 'iris' } }),
      '"iris"',
      'environments.prod.kserve.services',
    ],
  ])('%s — is refused, with what to do', (_, bound, reason, remedy) => {
    expect(bound).toEqual({
      reason: expect.stringContaining(reason),
      remedy: expect.stringContaining(remedy),
    });
  });
});
