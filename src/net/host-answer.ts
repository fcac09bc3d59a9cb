import { UserError } from '../errors.ts';

/** What the codes of our UserErrors about a host's answers are: reporters and readers decide on them, never on text. */
export type AnswerCode =
  | 'host-bad-request'
  | 'host-unauthorised'
  | 'host-forbidden'
  | 'host-not-found'
  | 'host-redirect'
  /** The App has no such installation any more, or the installation lacks the repository or a permission. */
  | 'host-not-installed'
  | 'host-refused';

/** Whether it was thrown for an answer of this kind. */
export function isAnswer(thrown: unknown, ...codes: readonly AnswerCode[]): thrown is UserError {
  return thrown instanceof UserError && codes.some((code) => code === thrown.code);
}

/** The answer, or undefined where the host says that there is no such thing, or that it is not for us. */
export async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found')) return undefined;
    throw thrown;
  }
}
