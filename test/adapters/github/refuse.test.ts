import { describe, expect, test } from 'vitest';
import { createGithubReceiver } from '../../../src/adapters/github/index.ts';
import type { Delivery } from '../../../src/ports/host.ts';
import { hookSecret, pullRequestHook, sign, signed, toBytes } from './deliveries.ts';

function receiverOf(url: string) {
  return createGithubReceiver({ id: 'hub', url, secrets: () => [hookSecret], repositories: () => true });
}

const body = toBytes(pullRequestHook);
const signature = { 'x-hub-signature-256': sign(hookSecret, body) };
const from = (host: string): Delivery['headers'] => ({ 'x-github-enterprise-host': host });

test.each<[string, string, Delivery['headers'], boolean]>([
  ['nothing', 'https://github.com', {}, true],
  ['the old signature alone', 'https://github.com', { 'x-hub-signature': 'sha1=x' }, true],
  ['a signature, which only the body can prove', 'https://github.com', { 'x-hub-signature-256': 'x' }, false],
  [
    'an Enterprise Server where github.com is meant',
    'https://github.com',
    { ...signature, ...from('ghe.corp') },
    true,
  ],
  ['another Enterprise Server', 'https://ghe.corp', { ...signature, ...from('evil.ghe.corp') }, true],
  ['its own name', 'https://ghe.corp', { ...signature, ...from('ghe.corp') }, false],
  ['its own name in other letters', 'https://ghe.corp', { ...signature, ...from('GHE.Corp') }, false],
  ['its own name without the port', 'https://ghe.corp:8443', { ...signature, ...from('ghe.corp') }, false],
  ['its own name and port', 'https://ghe.corp:8443', { ...signature, ...from('ghe.corp:8443') }, false],
])('%s — shown before the body — is refused or not', (_what, url, headers, refused) => {
  const reason = receiverOf(url).refuse(headers);

  expect(reason !== undefined).toBe(refused);
  expect(reason ?? '').not.toContain(hookSecret);
});

describe('a delivery', () => {
  const receiver = receiverOf('https://ghe.corp');

  test('of another Enterprise Server that shares the secret — is rejected', () => {
    const delivery = signed('pull_request', body, from('other.corp'));

    expect(receiver.receive(delivery, new Date(0))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('other.corp'),
    });
  });

  test('without its signature — is rejected', () => {
    expect(receiver.receive({ headers: { 'x-github-event': 'pull_request' }, body }, new Date(0))).toEqual({
      kind: 'rejected',
      reason: 'X-Hub-Signature-256 was not sent',
    });
  });

  test.each<[string, string, Delivery['headers'], object]>([
    ['a ping', 'ping', {}, { kind: 'ignored', reason: 'the webhook works' }],
    ['no event', '', { 'x-github-event': undefined }, { kind: 'malformed' }],
    ['an event that is not ours', 'star', {}, { kind: 'ignored' }],
  ])('%s — is understood', (_, event, headers, received) => {
    expect(receiver.receive(signed(event, body, headers), new Date(0))).toMatchObject(received);
  });

  test.each(['', '{', 'null', '7', '"text"', '[]', '{"repository":{}}', '\u0000'])(
    'the body %j — of any event that we listen to — is malformed, not thrown',
    (text) => {
      for (const event of [
        'pull_request',
        'push',
        'merge_group',
        'check_run',
        'check_suite',
        'issue_comment',
        'installation',
      ])
        expect(receiver.receive(signed(event, Buffer.from(text)), new Date(0)).kind).toBe('malformed');
    },
  );

  test('its id — is the GUID, the same when it is sent again', () => {
    const guid = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

    expect(
      receiver.receive(signed('pull_request', body, { 'x-github-delivery': guid }), new Date(0)),
    ).toMatchObject({ id: guid });
  });

  test.each([undefined, '', 'x'.repeat(129), 'a:b', 'a b'])(
    'the GUID %j — is none — and the body tells it apart',
    (guid) => {
      const ids = [body, body, Buffer.from(`${body.toString()} `)].map((bytes) => {
        const received = receiver.receive(
          signed('pull_request', bytes, { 'x-github-delivery': guid }),
          new Date(0),
        );
        return received.kind === 'rejected' ? '' : received.id;
      });

      expect(ids[0]).toMatch(/^[0-9a-f]{64}$/);
      expect(ids[1]).toBe(ids[0]);
      expect(ids[2]).not.toBe(ids[0]);
    },
  );
});
