import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import { icon, styleSheet } from '../../report/style.ts';

/** Style sheet, script and picture of the pages: for everybody, they say nothing. */
export function registerAssets(app: FastifyInstance): void {
  const script = readFileSync(new URL('client/page.js', import.meta.url), 'utf8');
  const files = [
    { name: 'style.css', type: 'text/css; charset=utf-8', text: styleSheet },
    { name: 'page.js', type: 'text/javascript; charset=utf-8', text: script },
    { name: 'icon.svg', type: 'image/svg+xml', text: icon },
  ];
  for (const { name, type, text } of files) {
    const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
    app.get(`/assets/${name}`, async (request, reply) => {
      reply.headers({ 'cache-control': 'no-cache', etag, 'x-content-type-options': 'nosniff' });
      return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.type(type).send(text);
    });
  }
}
