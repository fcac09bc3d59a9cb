import { expect, test } from 'vitest';
import { readPredictor } from '../../../src/adapters/kserve/read-predictor.ts';
import { inferenceService, type Fields } from './objects.ts';

const uri = 's3://models/auto-mpg/aa/';
const none = { canaryTrafficPercent: undefined, rolloutId: undefined };
const model = { modelFormat: { name: 'sklearn' }, storageUri: uri };

test.each<[string, Fields, Fields, string | undefined]>([
  ['ours', { model }, { storageUri: uri, format: 'sklearn', ...none }, undefined],
  [
    'ours, with canary and stamp',
    { model, canaryTrafficPercent: 10, annotations: { 'modelgate.dev/release': 'r-2', other: 'x' } },
    { storageUri: uri, format: 'sklearn', canaryTrafficPercent: 10, rolloutId: 'r-2' },
    undefined,
  ],
  ['a percentage of zero', { model, canaryTrafficPercent: 0 }, { canaryTrafficPercent: 0 }, undefined],
  [
    'a model without address',
    { model: { modelFormat: { name: 'sklearn' } } },
    { storageUri: undefined },
    undefined,
  ],
  ['a sidecar beside it', { model, containers: [{ name: 'agent' }] }, { storageUri: uri }, undefined],
  [
    'predictor.sklearn',
    { sklearn: { storageUri: uri } },
    { storageUri: uri, format: 'sklearn' },
    'spec.predictor.sklearn',
  ],
  [
    'predictor.pytorch',
    { pytorch: {} },
    { storageUri: undefined, format: 'pytorch' },
    'spec.predictor.pytorch',
  ],
  [
    'a storage key',
    { model: { modelFormat: { name: 'sklearn' }, storage: { key: 'default', path: 'auto-mpg/' } } },
    { storageUri: undefined, format: 'sklearn' },
    'spec.predictor.model.storage',
  ],
  [
    'several addresses',
    { model, storageUris: [{ uri, mountPath: '/mnt/models' }] },
    { storageUri: uri },
    'spec.predictor.storageUris',
  ],
  [
    'a container',
    { containers: [{ image: 'x' }] },
    { storageUri: undefined, format: undefined },
    'spec.predictor.containers',
  ],
  ['nothing', {}, { storageUri: undefined, format: undefined }, 'nothing at all'],
])('a predictor says what it serves: %s', (_name, predictor, expected, other) => {
  const read = readPredictor(inferenceService({ predictor }));
  expect(read.model).toMatchObject(expected);
  expect(read.other).toBe(other);
});
