import { expect, test } from 'vitest';
import type { InRepository } from '../../../src/adapters/github/in-repository.ts';
import { createGithubPeople } from '../../../src/adapters/github/people.ts';
import { RetryableError, UserError } from '../../../src/errors.ts';

const never = new AbortController().signal;

/** GitHub, answering the question for a permission. */
function peopleOf(answer: () => Promise<unknown>) {
  const asked: object[] = [];
  const repositories: InRepository = {
    send: async (wanted) => {
      asked.push(wanted);
      return { data: await answer(), headers: {} };
    },
    gitToken: async () => '',
  };
  return { people: createGithubPeople(repositories), asked };
}

test.each<[object, boolean]>([
  [{ permission: 'admin', role_name: 'admin' }, true],
  [{ permission: 'write', role_name: 'maintain' }, true],
  [{ permission: 'write', role_name: 'data-engineer' }, true],
  [{ permission: 'read', role_name: 'triage' }, false],
  [{ permission: 'read', role_name: 'write-nothing' }, false],
  [{ permission: 'read', role_name: 'admin' }, false],
  [{ permission: 'none', role_name: 'none' }, false],
  [{ permission: 'something-new' }, false],
])('%j — may push: %s, whatever the role of one’s own is called', async (answer, may) => {
  const { people, asked } = peopleOf(async () => answer);

  expect(await people.mayPush('7', 'ada', never)).toBe(may);
  expect(asked).toEqual([
    {
      repositoryId: '7',
      route: 'GET /collaborators/{username}/permission',
      parameters: { username: 'ada' },
      purpose: 'read',
    },
  ]);
});

test('somebody whom GitHub does not know — may not', async () => {
  const { people } = peopleOf(() => Promise.reject(new UserError('host-not-found', 'Not Found', '')));

  expect(await people.mayPush('7', 'ghost', never)).toBe(false);
});

test.each([
  ['a host that is away', () => Promise.reject(new RetryableError('away'))],
  ['an answer without a permission', async () => ({ role_name: 'admin' })],
] as const)('%s — is no answer: it is asked again later', async (_, answer) => {
  await expect(peopleOf(answer).people.mayPush('7', 'ada', never)).rejects.toBeInstanceOf(RetryableError);
});
