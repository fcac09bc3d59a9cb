import type { FastifyReply } from 'fastify';
import { htmlText } from '../../report/html.ts';
import type { Html } from '../../report/html.ts';

/** What every page is sent with: nothing from elsewhere, nothing kept, nothing framed; scripts and styles are files of ours. */
export const pageHeaders = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Answers with a page. */
export function sendPage(reply: FastifyReply, code: number, page: Html): FastifyReply {
  return reply.headers(pageHeaders).code(code).type('text/html; charset=utf-8').send(htmlText(page));
}
