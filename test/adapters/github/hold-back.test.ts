import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGithubClient, type GithubClient } from '../../../src/adapters/github/client.ts';
import type { Authority } from '../../../src/adapters/github/tokens.ts';
import { RetryableError } from '../../../src/errors.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { createHandClock, type HandClock } from '../../support/hand-clock.ts';
import { startScriptedServer, type ScriptedAnswer } from '../../support/scripted-server.ts';

const dispatchers = createDispatchers();
const never = new AbortController().signal;
const ours: Authority = { kind: 'installation', installationId: 7 };
const others: Authority = { kind: 'installation', installationId: 8 };
const fine: ScriptedAnswer = { status: 200, body: '{}' };
const limited: ScriptedAnswer = { status: 429, headers: { 'retry-after': '17' } };

let clock: HandClock;
let close: () => Promise<void> = async () => {};
beforeEach(() => void (clock = createHandClock()));
afterEach(() => close());
afterAll(() => dispatchers.close());

async function start(script: readonly ScriptedAnswer[]) {
  const server = await startScriptedServer(script);
  ({ close } = server);
  const credentials = { kind: 'token', token: () => 'ghp_test' } as const;
  const client: GithubClient = createGithubClient(
    { id: 'hub', url: server.url, credentials },
    { clock, dispatchers },
  );
  const send = (as: Authority) => client.send({ route: 'GET /meta', parameters: {}, as }, never);
  return { send, client, asked: () => server.seen.length };
}

describe('GitHub asked us to wait', () => {
  test('another request on the same behalf — is not sent before the time is over, and says how long', async () => {
    const { send, client, asked } = await start([limited, fine]);
    await expect(send(ours)).rejects.toMatchObject({ retryAfter: 17_000 });

    await clock.advance(10_000);
    await expect(send(ours)).rejects.toMatchObject({ name: 'RetryableError', retryAfter: 7000 });
    await expect(client.authorise(ours, false, never)).rejects.toBeInstanceOf(RetryableError);
    expect(asked()).toBe(1);

    await clock.advance(7000);
    await send(ours);
    expect(asked()).toBe(2);
  });

  test('on behalf of another installation — is sent at once', async () => {
    const { send, asked } = await start([limited, fine]);
    await expect(send(ours)).rejects.toBeInstanceOf(RetryableError);
    await send(others);

    expect(asked()).toBe(2);
  });

  test.each<[string, ScriptedAnswer]>([
    ['a server in trouble', { status: 502 }],
    ['busy servers, which say when to come back', { status: 503, headers: { 'retry-after': '17' } }],
    ['a missing permission', { status: 403, body: '{"message":"Resource not accessible by integration"}' }],
  ])('%s — is no limit: nothing else is held back', async (_, answer) => {
    const { send, asked } = await start([answer, fine]);
    await expect(send(ours)).rejects.toBeInstanceOf(Error);
    await send(ours);

    expect(asked()).toBe(2);
  });
});
