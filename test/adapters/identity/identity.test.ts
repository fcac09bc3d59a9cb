import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGithubIdentity } from '../../../src/adapters/identity/github.ts';
import { createGitlabIdentity } from '../../../src/adapters/identity/gitlab.ts';
import { RetryableError } from '../../../src/errors.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { Identity } from '../../../src/ports/identity.ts';
import { createIdentitySandbox, type IdentitySandbox } from '../../../src/sandbox/identity/sandbox.ts';
import { answerOf } from '../../support/sign-in-browser.ts';
import { createHandClock } from '../../support/hand-clock.ts';

const signal = new AbortController().signal;
const redirectUri = 'https://modelgate.example.com/sign-in/corp/callback';
// What GitLab's secrets look like: OAuth's escapes of "-" and "_" would not be undone there.
const clientSecret = 'gloas-0123_4567-89ab';
const accounts = [
  { id: 7, login: 'alice', name: 'Alice Example' },
  { id: 8, login: 'bob', name: '' },
];
const dispatchers = createDispatchers();
afterAll(() => dispatchers.close());

const people = { gitlab: { id: '7', login: 'alice' }, github: { id: 'alice', login: 'alice' } };

describe.each(['gitlab', 'github'] as const)('signing in with %s', (kind) => {
  let sandbox: IdentitySandbox;
  let identity: Identity;
  const clock = createHandClock();

  function make(secret = clientSecret, id = 'client-1'): Identity {
    const config = { host: 'corp', url: sandbox.url, clientId: id, clientSecret: () => secret, tls: {} };
    return kind === 'gitlab'
      ? createGitlabIdentity(config, { dispatchers, clock })
      : createGithubIdentity({ ...config, apiUrl: `${sandbox.url}/api/v3` }, { dispatchers });
  }

  beforeAll(async () => {
    sandbox = await createIdentitySandbox({ kind, accounts });
    sandbox.register({ id: 'client-1', secret: clientSecret, redirectUris: [redirectUri] });
  });
  afterAll(() => sandbox.close());
  beforeEach(() => {
    identity = make();
  });

  test('a person who says yes — is who they are, and no token is left', async () => {
    const { url, kept } = await identity.begin(redirectUri, signal);
    const person = await identity.finish(await answerOf(url, 'alice'), kept, signal);

    expect(person).toEqual({ host: 'corp', ...people[kind], name: 'Alice Example' });
    expect(sandbox.tokens()).toBe(0);
  });

  test('where the browser goes — asks for little, and shows no secret', async () => {
    const { url, kept } = await identity.begin(redirectUri, signal);
    const { searchParams } = new URL(url);

    expect(searchParams.get('scope')).toBe(kind === 'gitlab' ? 'openid profile' : null);
    expect(searchParams.get('code_challenge_method')).toBe('S256');
    expect(url).not.toContain(clientSecret);
    const { verifier, state }: { verifier: string; state: string } = JSON.parse(kept);
    expect(url).not.toContain(verifier);
    expect(url).toContain(state);
  });

  test('a person who says no — is told so', async () => {
    const { url, kept } = await identity.begin(redirectUri, signal);

    await expect(identity.finish(await answerOf(url, 'deny'), kept, signal)).rejects.toMatchObject({
      code: 'sign-in-refused',
    });
  });

  test('another state — is not what was begun, and asks the host nothing', async () => {
    const mine = await identity.begin(redirectUri, signal);
    const other = await identity.begin(redirectUri, signal);
    const before = sandbox.requests.length;
    const answer = await answerOf(other.url, 'bob');

    await expect(identity.finish(answer, mine.kept, signal)).rejects.toMatchObject({ code: 'sign-in-stale' });
    expect(sandbox.requests.slice(before).filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  test('the same answer twice — counts once', async () => {
    const { url, kept } = await identity.begin(redirectUri, signal);
    const answer = await answerOf(url, 'alice');
    await identity.finish(answer, kept, signal);

    await expect(identity.finish(answer, kept, signal)).rejects.toMatchObject({ code: 'sign-in-stale' });
  });

  test('a code of another sign-in — does not fit the verifier', async () => {
    const mine = await identity.begin(redirectUri, signal);
    const other = await identity.begin(redirectUri, signal);
    const answer = await answerOf(other.url, 'bob');
    answer.searchParams.set('state', new URL(mine.url).searchParams.get('state') ?? '');

    await expect(identity.finish(answer, mine.kept, signal)).rejects.toMatchObject({ code: 'sign-in-stale' });
  });

  test.each(['', '{}', '{"state":1}', 'null'])('kept is %j — begins anew', async (kept) => {
    const { url } = await identity.begin(redirectUri, signal);

    await expect(identity.finish(await answerOf(url, 'alice'), kept, signal)).rejects.toMatchObject({
      code: 'sign-in-stale',
    });
  });

  test('another secret than is registered — is for whoever runs the server, and is not told', async () => {
    identity = make('gloas-another-one');
    const { url, kept } = await identity.begin(redirectUri, signal);
    const thrown: unknown = await identity
      .finish(await answerOf(url, 'alice'), kept, signal)
      .catch((error) => error);

    expect(thrown).toMatchObject({
      code: 'sign-in-misconfigured',
      remedy: expect.stringContaining('client secret'),
    });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain('gloas-another-one');
  });

  test('a host that is away — can be asked again', async () => {
    const { url, kept } = await identity.begin(redirectUri, signal);
    const answer = await answerOf(url, 'alice');
    sandbox.knobs.down = true;
    const thrown: unknown = await identity.finish(answer, kept, signal).catch((error: unknown) => error);
    sandbox.knobs.down = false;

    expect(thrown).toBeInstanceOf(RetryableError);
  });
});

describe('signing in with GitLab', () => {
  let sandbox: IdentitySandbox;
  const clock = createHandClock();
  const config = () => ({
    host: 'corp',
    url: sandbox.url,
    clientId: 'client-1',
    clientSecret: () => clientSecret,
    tls: {},
  });

  beforeAll(async () => {
    sandbox = await createIdentitySandbox({ kind: 'gitlab', accounts });
    sandbox.register({ id: 'client-1', secret: clientSecret, redirectUris: [redirectUri] });
  });
  afterAll(() => sandbox.close());

  test.each([
    ['of another issuer', { iss: 'https://elsewhere.example.com' }],
    ['for another application', { aud: 'client-2' }],
    ['of another sign-in', { nonce: 'another-nonce' }],
    ['without nonce', { nonce: undefined }],
    ['long expired', { exp: 1_600_000_000 }],
    ['of another person than the profile', { sub: '8' }],
  ])('an ID token %s — is not believed', async (_what, changed) => {
    const identity = createGitlabIdentity(config(), { dispatchers, clock });
    const { url, kept } = await identity.begin(redirectUri, signal);
    const answer = await answerOf(url, 'alice');
    sandbox.knobs.claims = (claims) => ({ ...claims, ...changed });
    const thrown: unknown = await identity.finish(answer, kept, signal).catch((error: unknown) => error);
    sandbox.knobs.claims = (claims) => claims;

    expect(thrown).toMatchObject({ name: 'UserError', code: expect.stringMatching(/^sign-in-/) });
  });

  test('an ID token signed by a stranger — is not believed', async () => {
    const identity = createGitlabIdentity(config(), { dispatchers, clock });
    const { url, kept } = await identity.begin(redirectUri, signal);
    sandbox.knobs.wrongKey = true;
    const thrown: unknown = await identity
      .finish(await answerOf(url, 'alice'), kept, signal)
      .catch((error: unknown) => error);
    sandbox.knobs.wrongKey = false;

    expect(thrown).toMatchObject({ code: 'sign-in-misconfigured' });
  });

  test('a host that calls itself otherwise — is for whoever runs the server', async () => {
    const url = sandbox.url.replace('127.0.0.1', 'localhost');
    const identity = createGitlabIdentity({ ...config(), url }, { dispatchers, clock });

    await expect(identity.begin(redirectUri, signal)).rejects.toMatchObject({
      code: 'sign-in-misconfigured',
    });
  });

  test('a host that was away — is asked again, and describes itself once an hour', async () => {
    const identity = createGitlabIdentity(config(), { dispatchers, clock });
    sandbox.knobs.down = true;
    await expect(identity.begin(redirectUri, signal)).rejects.toBeInstanceOf(RetryableError);
    sandbox.knobs.down = false;
    const descriptions = () =>
      sandbox.requests.filter((request) => request.includes('openid-configuration')).length;
    const before = descriptions();
    await identity.begin(redirectUri, signal);
    await identity.begin(redirectUri, signal);
    expect(descriptions()).toBe(before + 1);
    await clock.advance(61 * 60 * 1000);
    await identity.begin(redirectUri, signal);
    expect(descriptions()).toBe(before + 2);
  });

  test('nobody listens there — can be asked again', async () => {
    const identity = createGitlabIdentity({ ...config(), url: 'http://127.0.0.1:9' }, { dispatchers, clock });

    await expect(identity.begin(redirectUri, signal)).rejects.toBeInstanceOf(RetryableError);
  });
});
