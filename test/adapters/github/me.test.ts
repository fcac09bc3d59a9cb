import { expect, test } from 'vitest';
import type { Call, GithubClient } from '../../../src/adapters/github/client.ts';
import { createMe } from '../../../src/adapters/github/me.ts';
import type { GithubCredentials } from '../../../src/adapters/github/tokens.ts';

const never = new AbortController().signal;

function meOf(credentials: GithubCredentials, answers: readonly unknown[]) {
  const asked: string[] = [];
  const client: GithubClient = {
    id: 'hub',
    credentials,
    authorise: async () => '',
    send: async ({ route }: Call) => ({ data: answers[asked.push(route) - 1], headers: {} }),
  };
  return { me: createMe(client), asked };
}

test('an App — asked for again — writes as its bot, and asks once', async () => {
  const { me, asked } = meOf({ kind: 'app', id: 1, privateKey: () => 'k' }, [{ slug: 'modelgate' }]);

  expect([await me(never), await me(never)]).toEqual(['modelgate[bot]', 'modelgate[bot]']);
  expect(asked).toEqual(['GET /app']);
});

test('a token — asked for again — writes as its user, until the token is another one', async () => {
  let token = 'first';
  const { me, asked } = meOf({ kind: 'token', token: () => token }, [{ login: 'ada' }, { login: 'grace' }]);

  expect([await me(never), await me(never)]).toEqual(['ada', 'ada']);
  token = 'second';
  expect([await me(never), await me(never)]).toEqual(['grace', 'grace']);
  expect(asked).toEqual(['GET /user', 'GET /user']);
});

test('an answer that names nobody — can be tried again, and is not remembered', async () => {
  const { me, asked } = meOf({ kind: 'token', token: () => 't' }, [{}, { login: 'ada' }]);

  await expect(me(never)).rejects.toMatchObject({ name: 'RetryableError' });
  expect(await me(never)).toBe('ada');
  expect(asked).toHaveLength(2);
});
