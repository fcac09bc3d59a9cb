import { describe, expect, test } from 'vitest';
import { createGitlabReceiver } from '../../../src/adapters/gitlab/receiver.ts';
import type { Delivery } from '../../../src/ports/host.ts';
import { hookToken, mergeRequestHook, sign, toBytes, withToken } from './deliveries.ts';

const key = 'whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=';
const oldKey = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const id = 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f';
const timestamp = '1767225600';
const body = toBytes('{"object_kind":"push"}');
const signedAt = new Date(1_767_225_600_000);

function receive(
  headers: Delivery['headers'],
  { secrets = [key, hookToken], now = signedAt, bytes = body } = {},
) {
  const receiver = createGitlabReceiver({
    id: 'corp',
    url: 'https://gitlab.example.com/gitlab',
    secrets: () => secrets,
    repositories: () => true,
  });
  return receiver.receive({ headers, body: bytes }, now);
}

function signed(entries: string, changes: Delivery['headers'] = {}): Delivery['headers'] {
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': entries, ...changes };
}

const good = 'v1,XHkV1n/7Fn8bvQ3+sVVfnhT2vKhDAe8QMdXXo6E/ySc=';
const wrong = `v1,${Buffer.alloc(32, 1).toString('base64')}`;

describe('webhook-signature', () => {
  test.each<[string, Delivery['headers'], object?]>([
    ['the measured vector', signed(good)],
    ['a wrong entry before it', signed(`${wrong} ${good}`)],
    ['an entry of another version before it', signed(`v1a,abc ${good}`)],
    ['the second of two keys', signed(sign(oldKey, id, timestamp, body)), { secrets: [key, oldKey] }],
    ['299 s later', signed(good), { now: new Date(signedAt.getTime() + 299_000) }],
    ['299 s ahead', signed(good), { now: new Date(signedAt.getTime() - 299_000) }],
    ['a wrong token beside it', signed(good, { 'x-gitlab-token': 'wrong' })],
  ])('a signed delivery — %s — is authentic', (_, headers, options) => {
    expect(receive(headers, options).kind).not.toBe('rejected');
  });

  test.each<[string, Delivery['headers'], object?]>([
    ['a changed body', signed(good), { bytes: toBytes('{"object_kind": "push"}') }],
    ['a changed id', signed(good, { 'webhook-id': 'another-id' })],
    ['a changed time', signed(good, { 'webhook-timestamp': '1767225601' })],
    ['another key', signed(good), { secrets: [oldKey, hookToken] }],
    ['no signing token configured', signed(good), { secrets: [hookToken] }],
    ['an empty signing token', signed(sign('whsec_', id, timestamp, body)), { secrets: ['whsec_'] }],
    ['301 s later', signed(good), { now: new Date(signedAt.getTime() + 301_000) }],
    ['301 s ahead', signed(good), { now: new Date(signedAt.getTime() - 301_000) }],
    ['no time', signed(good, { 'webhook-timestamp': undefined })],
    ['a time that is none', signed(good, { 'webhook-timestamp': '1767225600.0' })],
    ['no id', signed(good, { 'webhook-id': undefined })],
    ['an id with a dot', signed(sign(key, 'a.b', timestamp, body), { 'webhook-id': 'a.b' })],
    ['only another version', signed(good.replace('v1,', 'v2,'))],
    ['an empty signature', signed('')],
    ['a wrong signature and a right token', signed(wrong, { 'x-gitlab-token': hookToken })],
    ['an empty signature and a right token', signed('', { 'x-gitlab-token': hookToken })],
    ['a repeated wrong signature', { ...signed(good), 'webhook-signature': [wrong, wrong] }],
  ])('a signed delivery — %s — is rejected', (_, headers, options) => {
    expect(receive(headers, options).kind).toBe('rejected');
  });
});

describe('X-Gitlab-Token', () => {
  test.each([
    ['the only secret', hookToken, [hookToken]],
    ['the older of two', 'older', [hookToken, 'older']],
    ['beside a signing token', hookToken, [key, hookToken]],
  ])('a delivery — %s — is authentic', (_, token, secrets) => {
    expect(receive({ 'x-gitlab-token': token }, { secrets }).kind).not.toBe('rejected');
  });

  test.each<[string, Delivery['headers'], string[]]>([
    ['another token', { 'x-gitlab-token': 'other' }, [hookToken]],
    ['a longer one', { 'x-gitlab-token': `${hookToken}x` }, [hookToken]],
    ['an empty one', { 'x-gitlab-token': '' }, ['']],
    ['sent twice', { 'x-gitlab-token': [hookToken, hookToken] }, [hookToken]],
    ['a signing token in plain text', { 'x-gitlab-token': key }, [key]],
    ['no secret configured', { 'x-gitlab-token': hookToken }, []],
    ['nothing at all', {}, [hookToken]],
  ])('a delivery — %s — is rejected', (_, headers, secrets) => {
    expect(receive(headers, { secrets }).kind).toBe('rejected');
  });

  test('a rejection — whatever was presented — repeats none of it', () => {
    const received = receive({ 'x-gitlab-token': 'presented-secret' });

    expect(JSON.stringify(received)).not.toContain('presented-secret');
  });
});

describe('X-Gitlab-Instance', () => {
  test.each([
    ['https://gitlab.example.com', 'malformed'],
    ['https://gitlab.example.com:443/gitlab', 'malformed'],
    ['http://gitlab.example.com', 'rejected'],
    ['https://evil.example.com', 'rejected'],
    ['', 'rejected'],
  ])('an authentic delivery — sent by %j — is %s', (instance, kind) => {
    const delivery = withToken('{}', { 'x-gitlab-instance': instance });

    expect(receive(delivery.headers).kind).toBe(kind);
  });
});

describe('the delivery id', () => {
  const bytes = toBytes(mergeRequestHook);
  const token = { 'x-gitlab-token': hookToken };
  const idOf = (headers: Delivery['headers'], of = bytes) => {
    const received = receive({ ...token, ...headers }, { bytes: of });
    return received.kind === 'rejected' ? undefined : received.id;
  };

  test('webhook-id goes before Idempotency-Key, and that before the digest', () => {
    expect(idOf({ 'webhook-id': 'webhook-id-1', 'idempotency-key': 'key-12345' })).toBe('webhook-id-1');
    expect(idOf({ 'idempotency-key': 'key-12345' })).toBe('key-12345');
    expect(idOf({})).toMatch(/^[0-9a-f]{64}$/);
  });

  test('an old instance — the same event again — has the same id; another event or body has another', () => {
    const first = idOf({ 'x-gitlab-event': 'Merge Request Hook' });

    expect(idOf({ 'x-gitlab-event': 'Merge Request Hook' })).toBe(first);
    expect(idOf({ 'x-gitlab-event': 'System Hook' })).not.toBe(first);
    expect(idOf({ 'x-gitlab-event': 'Merge Request Hook' }, toBytes('{}'))).not.toBe(first);
  });

  test('an id that could not be a key — spaces, length, colons — is not used', () => {
    expect(idOf({ 'idempotency-key': 'with space' })).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf({ 'idempotency-key': 'x'.repeat(500) })).toMatch(/^[0-9a-f]{64}$/);
    expect(idOf({ 'idempotency-key': 'a:b:c:d:e' })).toMatch(/^[0-9a-f]{64}$/);
  });
});
