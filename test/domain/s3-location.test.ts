import { describe, expect, test } from 'vitest';
import { isRegion, parseS3Url } from '../../src/domain/s3-location.ts';

describe('parseS3Url', () => {
  test.each([
    ['s3://team', { bucket: 'team', prefix: '' }],
    ['s3://team/', { bucket: 'team', prefix: '' }],
    ['S3://team-data/dvc', { bucket: 'team-data', prefix: 'dvc/' }],
    ['s3://team.data/a/b/', { bucket: 'team.data', prefix: 'a/b/' }],
    ['s3://team/with%20percent and blank', { bucket: 'team', prefix: 'with%20percent and blank/' }],
    ['s3://', undefined],
    ['s3:///x', undefined],
    ['s3://key:secret@team/x', undefined],
    ['s3://team:9000/x', undefined],
    ['s3://evil.example.com#/x', undefined],
    ['s3://te..am/x', undefined],
    ['s3://.team/x', undefined],
    ['gs://team/x', undefined],
  ])('%s — read — is %j', (url, location) => {
    expect(parseS3Url(url)).toEqual(location);
  });
});

test.each(['', 'a.b', 'eu/west', 'evil.example.com#', 'EU', '-x', undefined])(
  'region %j — in a host name — is refused',
  (text) => {
    expect(isRegion(text)).toBe(false);
  },
);
