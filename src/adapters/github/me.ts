import { AppAnswer, CurrentUser } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GithubClient } from './client.ts';

/** The login under which what we write appears; asked once. */
export type Me = (signal: AbortSignal) => Promise<string>;

/** An App writes as `<slug>[bot]`, a token as its user. */
export function createMe(client: GithubClient): Me {
  let known: string | undefined;
  return async (signal) => {
    if (known !== undefined) return known;
    const as = { kind: 'app' } as const;
    if (client.credentials.kind === 'app') {
      const { data } = await client.send({ route: 'GET /app', parameters: {}, as }, signal);
      known = `${readAnswer(AppAnswer, data, 'the App').slug}[bot]`;
    } else {
      const { data } = await client.send({ route: 'GET /user', parameters: {}, as }, signal);
      known = readAnswer(CurrentUser, data, 'the current user').login;
    }
    return known;
  };
}
