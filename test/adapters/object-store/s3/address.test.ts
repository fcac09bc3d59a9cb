import { describe, expect, test } from 'vitest';

import {
  parseEndpoint,
  regionOfEndpoint,
  s3UrlOf,
} from '../../../../src/adapters/object-store/s3/address.ts';

describe('s3UrlOf', () => {
  const aws = { endpoint: undefined, secure: true };
  test.each([
    ['AWS', aws, 'team', 'eu-west-1', 'https://team.s3.eu-west-1.amazonaws.com/a%20b'],
    ['AWS, a bucket with a dot', aws, 'te.am', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com/te.am/a%20b'],
    ['AWS in China', aws, 'team', 'cn-north-1', 'https://team.s3.cn-north-1.amazonaws.com.cn/a%20b'],
    [
      'AWS without TLS',
      { ...aws, secure: false },
      'team',
      'us-east-1',
      'http://team.s3.us-east-1.amazonaws.com/a%20b',
    ],
    [
      'an endpoint',
      { ...aws, endpoint: new URL('http://minio:9000') },
      'team',
      'x',
      'http://minio:9000/team/a%20b',
    ],
    [
      'an endpoint with a path',
      { ...aws, endpoint: new URL('https://h/s3/') },
      'team',
      'x',
      'https://h/s3/team/a%20b',
    ],
  ])('%s — an object — has its url', (_name, server, bucket, region, url) => {
    expect(s3UrlOf(server, { bucket, region, key: 'a b' }, {}).href).toBe(url);
  });

  test('a key — every character with a meaning — is sent as data', () => {
    const url = s3UrlOf(
      aws,
      { bucket: 'team', region: 'us-east-1', key: "x?y#z/%2e%2e/+;=&@:!'()*" },
      { versionId: 'a+b&c' },
    );
    expect(url.href).toBe(
      'https://team.s3.us-east-1.amazonaws.com/x%3Fy%23z/%252e%252e/%2B%3B%3D%26%40%3A%21%27%28%29%2A?versionId=a%2Bb%26c',
    );
  });
});

test.each([
  ['https://s3.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://s3-eu-west-1.amazonaws.com', 'eu-west-1'],
  ['https://s3.dualstack.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
  ['https://team.s3.ap-southeast-2.amazonaws.com', 'ap-southeast-2'],
  ['https://s3.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['https://s3.amazonaws.com', undefined],
  ['https://s3.eu-central-1.amazonaws.com.evil.example', undefined],
  ['https://minio.example.com', undefined],
])('endpoint %s — its name — says region %s', (endpoint, region) => {
  expect(regionOfEndpoint(new URL(endpoint))).toBe(region);
});

test.each(['', 'minio:9000', 'ftp://h', 'https://user:pw@h', 'https://h/?x=1', 'https://h/#f', undefined])(
  'endpoint %j — not a plain http address — is refused',
  (text) => {
    expect(parseEndpoint(text)).toBeUndefined();
  },
);
