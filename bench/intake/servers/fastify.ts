import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { fastify } from 'fastify';
import { answerParent } from '../../child/answer-parent.ts';
import { secrets } from '../delivery.ts';

// The least that is safe: proves the signature, parses, and keeps nothing.
const key = createSecretKey(secrets.gitlabSigning.slice('whsec_'.length), 'base64');
const app = fastify({ logger: false });
app.removeAllContentTypeParsers();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post('/', async ({ headers, body }, reply) => {
  if (!Buffer.isBuffer(body)) return reply.code(400).send();
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.`;
  const expected = createHmac('sha256', key).update(signed).update(body).digest();
  const given = Buffer.from(String(headers['webhook-signature']).slice('v1,'.length), 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return reply.code(401).send();
  const payload: { readonly object_kind?: unknown } = JSON.parse(body.toString('utf8'));
  return reply.code(payload.object_kind === 'merge_request' ? 202 : 400).send();
});
const url = await app.listen({ host: '127.0.0.1', port: 0 });
answerParent({ url, stop: () => app.close() });
