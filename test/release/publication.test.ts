import { describe, expect, test } from 'vitest';
import type { PublishedModel, TrainedModel } from '../../src/domain/model.ts';
import { isOfModel } from '../../src/release/publication.ts';

const sha256 = 'e'.repeat(64);
const place = {
  prefix: 's3://models/auto-mpg/12/',
  manifest: 's3://models/auto-mpg/12.json',
  identity: '12',
};
const model: TrainedModel = {
  format: 'sklearn',
  files: [
    {
      path: 'model.pkl',
      from: 's3://runs/model',
      size: 3,
      digest: { algorithm: 'sha256', value: sha256 },
    },
  ],
  metrics: {},
  told: 's3://runs/handover/1.json',
};
const published: PublishedModel = {
  uri: place.prefix,
  identity: place.identity,
  files: [{ path: 'model.pkl', size: 3, sha256 }],
};

describe('a publication at the place of a model', () => {
  const [file] = published.files;

  test('of this model — counts', () => {
    expect(isOfModel(published, model, place)).toBe(true);
  });

  test.each<[string, Partial<PublishedModel>]>([
    ['at another address', { uri: 's3://models/auto-mpg/13/' }],
    ['of another identity', { identity: '13' }],
    ['without a file', { files: [] }],
    ['with another file', { files: [file!, { ...file!, path: 'x.pkl' }] }],
    ['with another name', { files: [{ ...file!, path: 'x.pkl' }] }],
    ['with another size', { files: [{ ...file!, size: 4 }] }],
    ['with another content', { files: [{ ...file!, sha256: 'f'.repeat(64) }] }],
  ])('%s — does not', (_what, over) => {
    expect(isOfModel({ ...published, ...over }, model, place)).toBe(false);
  });
});
