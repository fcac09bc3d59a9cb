import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';
import { signatureOf } from '../../../src/sandbox/s3/signature.ts';
import { sign, type SignOptions } from './sign.ts';

const keys = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'secret' };
const now = new Date('2026-03-01T12:00:00Z');
const emptySha = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('signature version 4 — the published examples', () => {
  const host = 'examplebucket.s3.amazonaws.com';
  const common = { host, 'x-amz-content-sha256': emptySha, 'x-amz-date': '20130524T000000Z' };
  test.each([
    ['/test.txt', { range: 'bytes=0-9' }, 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41'],
    ['/?max-keys=2&prefix=J', {}, '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
    ['/?lifecycle', {}, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
  ])('GET %s', (target, more, expected) => {
    const headers: Record<string, string> = { ...common, ...more };
    const signedHeaders = Object.keys(headers).sort();
    const scope = { date: '20130524', region: 'us-east-1', service: 's3', signedHeaders };
    const signature = signatureOf(
      { method: 'GET', target, headers },
      scope,
      'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    );
    expect(signature).toBe(expected);
  });
});

describe('a server with credentials', () => {
  let s3: S3Sandbox;
  beforeAll(async () => {
    s3 = await createS3Sandbox({
      buckets: { b: { versioned: false } },
      credentials: keys,
      region: 'eu-central-1',
      now: () => now,
    });
    s3.put('b', 'a b+ü.txt', 'x');
  });
  afterAll(() => s3.close());

  const good: SignOptions = { at: now, region: 'eu-central-1' };
  const skewed = (minutes: number): SignOptions => ({
    ...good,
    at: new Date(now.getTime() + minutes * 60_000),
  });
  const wrongSecret = { ...keys, secretAccessKey: 'other' };
  const table: readonly [string, typeof keys, SignOptions, number, string][] = [
    ['right', keys, good, 200, ''],
    ['unsigned payload', keys, { ...good, unsignedPayload: true }, 200, ''],
    ['14 minutes late', keys, skewed(14), 200, ''],
    ['16 minutes late', keys, skewed(16), 403, 'RequestTimeTooSkewed'],
    ['16 minutes early', keys, skewed(-16), 403, 'RequestTimeTooSkewed'],
    ['wrong secret', wrongSecret, good, 403, 'SignatureDoesNotMatch'],
    ['unknown key', { ...keys, accessKeyId: 'AKIAOTHER' }, good, 403, 'InvalidAccessKeyId'],
    ['wrong region', keys, { ...good, region: 'us-east-1' }, 400, 'AuthorizationHeaderMalformed'],
    ['uninvited session token', { ...keys, sessionToken: 't' } as typeof keys, good, 400, 'InvalidToken'],
    ['body of another hash', keys, { ...good, body: 'other' }, 400, 'XAmzContentSHA256Mismatch'],
  ];
  test.each(table)('%s', async (_name, credentials, options, status, code) => {
    const url = `${s3.url}/b/a%20b%2B%C3%BC.txt`;
    const response = await fetch(url, { headers: sign('GET', url, credentials, options) });
    expect([response.status, codeOf(await response.text())]).toEqual([status, code]);
  });

  test('a query is part of the signature in any order it is sent', async () => {
    const url = `${s3.url}/b?prefix=a%20b%2B&list-type=2&continuation-token=`;
    const headers = sign('GET', url, keys, good);
    expect((await fetch(url.replace('continuation-token=', ''), { headers })).status).toBe(403);
    expect(
      (await fetch(`${s3.url}/b?list-type=2&continuation-token=&prefix=a%20b%2B`, { headers })).status,
    ).toBe(400);
  });

  test('no authorization, or an x-amz header left unsigned: AccessDenied', async () => {
    const url = `${s3.url}/b/a%20b%2B%C3%BC.txt`;
    expect((await fetch(url)).status).toBe(403);
    const response = await fetch(url, { headers: { ...sign('GET', url, keys, good), 'x-amz-extra': '1' } });
    expect(await response.text()).toContain('<HeadersNotSigned>x-amz-extra</HeadersNotSigned>');
  });
});

function codeOf(xml: string): string {
  return /<Code>(.*)<\/Code>/.exec(xml)?.[1] ?? '';
}
