import { describe, expect, test } from 'vitest';
import { publicationText, readPublication } from '../../../src/formats/publication/publication.ts';

const sha256 = 'e'.repeat(64);

describe('the manifest of a publication', () => {
  const published = {
    uri: 's3://models/auto-mpg/12/',
    identity: '12',
    files: [{ path: 'model.pkl', size: 3, sha256 }],
  };

  test('ours — read', () => {
    expect(readPublication(Buffer.from(publicationText(published, 'sklearn')))).toEqual(published);
  });

  test.each<[string, unknown]>([
    ['another version', { ...published, version: 2 }],
    ['a file without a digest', { ...published, version: 1, files: [{ path: 'model.pkl', size: 3 }] }],
    ['files that are none', { ...published, version: 1, files: ['model.pkl'] }],
    ['a word', 'published'],
  ])('%s — is none', (_what, value) => {
    expect(readPublication(Buffer.from(JSON.stringify(value)))).toBeUndefined();
    expect(readPublication(Buffer.from('{'))).toBeUndefined();
  });
});
