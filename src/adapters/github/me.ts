import { AppAnswer, CurrentUser } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GithubClient } from './client.ts';

/** The login under which what we write appears; asked once, and again when the token is another one. */
export type Me = (signal: AbortSignal) => Promise<string>;

/** An App writes as `<slug>[bot]`, a token as its user. */
export function createMe(client: GithubClient): Me {
  let known: { readonly as: string; readonly login: string } | undefined;

  async function ask(signal: AbortSignal): Promise<string> {
    const as = { kind: 'app' } as const;
    if (client.credentials.kind === 'app') {
      const { data } = await client.send({ route: 'GET /app', parameters: {}, as }, signal);
      return `${readAnswer(AppAnswer, data, 'the App').slug}[bot]`;
    }
    const { data } = await client.send({ route: 'GET /user', parameters: {}, as }, signal);
    return readAnswer(CurrentUser, data, 'the current user').login;
  }

  return async (signal) => {
    const { credentials } = client;
    const as = credentials.kind === 'app' ? '' : credentials.token();
    if (known?.as !== as) known = { as, login: await ask(signal) };
    return known.login;
  };
}
