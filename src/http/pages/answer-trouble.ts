import type { FastifyInstance } from 'fastify';
import { messageOf, RetryableError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import { renderMessagePage } from '../../report/page/runs-page.ts';
import { awayPage } from '../access/away-page.ts';
import { createLogSparingly } from '../log-sparingly.ts';
import { statusOf } from '../status-of.ts';
import { sendPage } from './send-page.ts';

/** What a group of pages says and logs when one of them cannot be made. */
export interface TroubleWords {
  /** For whoever asked. */
  readonly shown: string;
  readonly logged: string;
  /** Whether those who ask can repair what is wrong outside: they are told how. */
  readonly advises?: boolean;
}

/** Answers with a page whatever goes wrong in the scope: a request that is none of ours is no trouble of ours. */
export function answerTrouble(
  scope: FastifyInstance,
  { shown, logged, advises = false }: TroubleWords,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): void {
  const sparingly = createLogSparingly(log, clock);
  scope.setErrorHandler((error, _request, reply) => {
    const away = awayPage(error);
    if (away !== undefined) return sendPage(reply, 503, away);
    const code = statusOf(error);
    if (code < 500) {
      const words = 'The request is not one of our pages’.';
      return sendPage(reply, code, renderMessagePage('Not understood', words));
    }
    const reason = messageOf(error);
    sparingly(reason, { reason }, logged, 'error');
    return sendPage(
      reply,
      503,
      renderMessagePage('Not available', (advises ? adviceOf(error) : undefined) ?? shown),
    );
  });
}

/** What outside is wrong and what to do, without addresses: strangers may read it. */
function adviceOf(error: unknown): string | undefined {
  const advice = error instanceof RetryableError ? error.advice : undefined;
  return advice === undefined ? undefined : `${advice.what}. ${advice.remedy} /readyz tells more.`;
}
