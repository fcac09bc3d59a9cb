import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createDeliveryAnswers } from './answer-delivery.ts';
import type { DeliveryDeps } from './answer-delivery.ts';
import { createBodyMemory } from './body-memory.ts';
import { statusOf } from './status-of.ts';

/** GitLab and GitHub send 25 MiB at most (specs git-hosts 1.3, 2.1). */
const bodyLimit = 26 * 1024 * 1024;
/** Bodies above this share a budget, so that a few slow or large ones hold up neither memory nor everybody else. */
const largeBody = 256 * 1024;
const largeBodies = { total: 128 * 1024 * 1024, perPeer: 2 * bodyLimit, waitMs: 3000 } as const;

/** Without one of these headers nothing can be authentic, and the body is not even read. */
const credentialHeaders = ['x-gitlab-token', 'webhook-signature', 'x-hub-signature-256'] as const;

type WebhookRequest = FastifyRequest<{ Params: { host: string } }>;

/** `POST /webhooks/:host`: bounded raw body in, status code out. */
export function registerWebhooks(app: FastifyInstance, deps: DeliveryDeps): void {
  const { receivers, clock, telemetry } = deps;
  const answers = createDeliveryAnswers(deps);
  const memory = createBodyMemory(largeBodies, (ms, then) => clock.after(ms, then));

  // Callbacks, not promises: these run for every delivery, and nearly always there is nothing to wait for.
  function beforeBody(request: WebhookRequest, reply: FastifyReply, go: () => void): void {
    const { host } = request.params;
    const receiver = receivers.get(host);
    if (receiver === undefined) return void reply.code(404).send();
    const shown = credentialHeaders.some((name) => request.headers[name] !== undefined);
    const fault = shown ? receiver.refuse(request.headers) : 'no token and no signature';
    if (fault === undefined) go();
    else void reply.code(answers.reject(host, fault)).send();
  }

  function reserveMemory(
    request: FastifyRequest,
    reply: FastifyReply,
    _payload: unknown,
    go: (refused?: Error) => void,
  ): void {
    const declared = Number(request.headers['content-length'] ?? bodyLimit);
    if (declared <= largeBody || declared > bodyLimit) return go();
    void memory.take(request.socket.remoteAddress ?? '', declared).then((giveBack) => {
      if (giveBack === undefined)
        return go(Object.assign(new Error('too many large bodies at the same time'), { statusCode: 503 }));
      if (request.raw.socket.destroyed) giveBack();
      else reply.raw.once('close', giveBack);
      return go();
    });
  }

  async function answer(request: WebhookRequest, reply: FastifyReply): Promise<FastifyReply> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return reply.code(await answers.answer(request.params.host, { headers: request.headers, body })).send();
  }

  function measure(request: WebhookRequest, reply: FastifyReply, done: () => void): void {
    const { host } = request.params;
    if (receivers.has(host))
      telemetry.observe('modelgate_webhook_ack_seconds', { host }, reply.elapsedTime / 1000);
    done();
  }

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
      done(null, body),
    );
    scope.addHook('onRequest', beforeBody);
    scope.addHook('preParsing', reserveMemory);
    scope.addHook('onResponse', measure);
    scope.setErrorHandler((error, request: WebhookRequest, reply) => {
      const code = statusOf(error);
      answers.refuse(request.params.host, code, error);
      return reply.code(code).send();
    });
    scope.post('/webhooks/:host', answer);
  });
}
