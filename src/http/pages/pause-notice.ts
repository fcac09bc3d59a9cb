import type { FastifyInstance } from 'fastify';
import type { Operations } from '../../ports/operations.ts';
import { htmlText } from '../../report/html.ts';
import { renderPauseNotice } from '../../report/page/operations-page.ts';

/**
 * Puts the notice on top of every page of the scope while effects are paused, whatever made the page: who waits for a
 * verdict has to learn why it does not come. It is a part of what our script puts in place of an open page. Where the pause cannot be read the page is sent as it is.
 */
export function addPauseNotice(scope: FastifyInstance, operations: Pick<Operations, 'currentPause'>): void {
  scope.addHook('onSend', async (_request, reply, payload) => {
    const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html');
    if (!isPage || reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const pause = await operations.currentPause().catch(() => undefined);
    if (pause === undefined) return payload;
    return payload.replace(/<main[^>]*>\n?/, (begin) => `${begin}${htmlText(renderPauseNotice(pause))}`);
  });
}
