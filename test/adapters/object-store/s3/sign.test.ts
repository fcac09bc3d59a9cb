import { describe, expect, test } from 'vitest';

import { emptyBodyHash, signV4 } from '../../../../src/adapters/object-store/s3/sign.ts';

/** The key pair of AWS's published examples. */
const published = {
  kind: 'keys',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: undefined,
} as const;

describe('signature of AWS’s published examples', () => {
  const at = new Date('2013-05-24T00:00:00Z');
  test.each([
    [
      'an object with a range',
      '/test.txt',
      { range: 'bytes=0-9' },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'a sub-resource without value',
      '/?lifecycle',
      {},
      'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    ],
    [
      'a listing',
      '/?max-keys=2&prefix=J',
      {},
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('%s — signed — has the published signature', (_name, path, headers, signature) => {
    const url = new URL(`https://examplebucket.s3.amazonaws.com${path}`);
    const sent = signV4({ method: 'GET', url, headers, bodyHash: emptyBodyHash }, published, 'us-east-1', at);
    expect(sent['authorization']).toMatch(new RegExp(`Signature=${signature}$`));
    expect(sent['x-amz-date']).toBe('20130524T000000Z');
  });
});

/** What botocore 1.43 (S3SigV4Auth) makes of the same requests. */
const byBotocore = [
  {
    method: 'HEAD',
    url: 'https://team-data.s3.eu-central-1.amazonaws.com/dvc/files/md5/a7/1dc1',
    headers: {},
    token: undefined,
    region: 'eu-central-1',
    signed: 'host;x-amz-content-sha256;x-amz-date',
    signature: 'aee1e9d28b26feb2855b198c3967014d04753a66dd19d45f555c9d7fcb1548d6',
  },
  {
    method: 'GET',
    url: 'http://127.0.0.1:9000/team/a%20b%2Bc%25d%23e%3Ff%27g%28h%29%2A%21~%C3%A4%F0%9F%98%80?versionId=null',
    headers: { range: 'bytes=0-0' },
    token: undefined,
    region: 'us-east-1',
    signed: 'host;range;x-amz-content-sha256;x-amz-date',
    signature: 'f59343a47d4bd8c23d33519f7d8cbeeba8fd7e58b18e39f3a3eca16c64b57b51',
  },
  {
    method: 'GET',
    url: 'https://s3.us-west-2.amazonaws.com/my.bucket?continuation-token=1%2FZm9v%2B%3D&encoding-type=url&list-type=2&max-keys=1000&prefix=d%C3%A4%20ta%2F',
    headers: {},
    token: 'token/with+chars==',
    region: 'us-west-2',
    signed: 'host;x-amz-content-sha256;x-amz-date;x-amz-security-token',
    signature: '5c8c1154efa2d4ff00d1c0194cb4072b33b7b841f1aea40c9276a21d5e5a1f1b',
  },
  {
    method: 'GET',
    url: 'https://minio.example.com:9443/base/team/?list-type=2&list=1&prefix=',
    headers: {},
    token: undefined,
    region: 'garage',
    signed: 'host;x-amz-content-sha256;x-amz-date',
    signature: '9522045c0a444ce4054cbc493868dea790db6e6c49b9df4aed331999c19cd573',
  },
];

describe('signature — the same request in botocore — is the same', () => {
  test.each(byBotocore)('$method $url', ({ method, url, headers, token, region, signed, signature }) => {
    const keys = {
      kind: 'keys',
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      sessionToken: token,
    } as const;
    const sent = signV4(
      { method, url: new URL(url), headers, bodyHash: emptyBodyHash },
      keys,
      region,
      new Date('2026-03-05T07:08:09.123Z'),
    );
    expect(sent['authorization']).toBe(
      `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260305/${region}/s3/aws4_request, SignedHeaders=${signed}, Signature=${signature}`,
    );
    expect(sent['x-amz-security-token']).toBe(token);
  });
});
