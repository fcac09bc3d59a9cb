import { generateKeyPairSync } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createNodeMiddleware, createProbot } from 'probot';
import { secrets } from '../delivery.ts';

export const probotPath = '/webhooks';

/** What Probot wants to know before it serves. */
export function probotEnvironment(): Readonly<Record<string, string>> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return { APP_ID: '1', PRIVATE_KEY: privateKey, WEBHOOK_SECRET: secrets.github, WEBHOOK_PATH: probotPath };
}

/** A GitHub App with one handler, without a log: proves the signature, parses, and awaits the handler. */
export async function createProbotApp(
  handle: (number: number) => Promise<void> | void,
): Promise<RequestListener> {
  const probot = createProbot({ env: { ...probotEnvironment(), LOG_LEVEL: 'fatal' } });
  const middleware = await createNodeMiddleware(
    (app) => app.on('pull_request.opened', ({ payload }) => handle(payload.number)),
    { probot, webhooksPath: probotPath },
  );
  return (request, response) => void middleware(request, response);
}
