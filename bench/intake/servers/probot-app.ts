import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createNodeMiddleware, createProbot } from 'probot';
import { secrets } from '../delivery.ts';

export const probotPath = '/webhooks';

/** A GitHub App with one handler, without a log: proves the signature, parses, and awaits the handler. */
export async function createProbotApp(
  handle: (number: number) => Promise<void> | void,
): Promise<RequestListener> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const overrides = { appId: 1, privateKey, secret: secrets.github, logLevel: 'fatal' } as const;
  const probot = createProbot({ overrides, env: {} });
  const middleware = await createNodeMiddleware(
    (app) => app.on('pull_request.opened', ({ payload }) => handle(payload.number)),
    { probot, webhooksPath: probotPath },
  );
  return (request, response) => void middleware(request, response);
}
