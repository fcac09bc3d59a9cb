import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../../faults.ts';
import { headerRecord, readBody } from '../../loopback.ts';
import type { Recent } from '../../recent.ts';
import { readUpload } from '../pipelines/multipart.ts';
import { envelope, Refusal, unauthenticated } from '../refusal.ts';
import type { World } from '../state.ts';
import type { Answer, KubeflowRequest, Route } from './call.ts';
import { badGateway, faultAnswer, send, type KubeflowFault } from './faults.ts';
import { createRouter, type Routed } from './router.ts';

/** Where requests are told, and how they are made to fail. */
export interface ApiDeps {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly faults: Faults<KubeflowRequest, KubeflowFault>;
  readonly seen: Recent<KubeflowRequest>;
}

const maxBodyBytes = 64 * 1024 * 1024;

/** Answers requests; what the server does not know how to do is a 500 that says so. */
export function createApi(
  deps: ApiDeps,
): (incoming: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { world, faults, seen } = deps;
  const find = createRouter(deps.routes);
  return async function serve(incoming, response) {
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const raw = await readBody(incoming, maxBodyBytes);
    if (raw === undefined) return send(response, { status: 413, body: 'Request Entity Too Large' });
    const headers = headerRecord(incoming);
    const request = describe(incoming.method ?? 'GET', url, headers, raw);
    const fault = faults.take(request);
    const answer = await answerUnder(fault, () => respond(request, url, raw));
    seen.add({ ...request, status: answer?.status ?? 0 });
    if (answer !== undefined) send(response, answer);
    else if (fault?.kind !== 'hang') response.destroy();
  };

  async function respond(request: KubeflowRequest, url: URL, raw: Buffer): Promise<Answer> {
    const routed = find(request.method, url.pathname);
    if (routed === 'no-route') return refusalAnswer(new Refusal(5, 'Not Found'));
    if (routed === 'no-method') return { status: 501, body: { code: 12, message: 'Method Not Allowed' } };
    try {
      authenticate(routed, request.headers);
      const { path } = routed;
      return await routed.route.handle({ path, query: url.searchParams, headers: request.headers, raw });
    } catch (error) {
      if (error instanceof Refusal) return refusalAnswer(error, routed.route);
      return { status: 500, body: { code: 13, message: `sandbox: ${String(error)}` } };
    }
  }

  function authenticate(routed: Routed, headers: KubeflowRequest['headers']): void {
    const tokens = world.config.bearerTokens;
    if (tokens === undefined || routed.route.style === 'open') return;
    const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];
    if (token !== undefined && tokens.has(token)) return;
    throw unauthenticated();
  }
}

async function answerUnder(
  fault: KubeflowFault | undefined,
  respond: () => Promise<Answer>,
): Promise<Answer | undefined> {
  if (fault === undefined) return respond();
  if (fault.kind !== 'lost') return faultAnswer(fault);
  await respond();
  return fault.answer === 'bad-gateway' ? badGateway : undefined;
}

/** Uploads do not speak the gateway's language, and know 400, 409 and 500 only. */
function refusalAnswer(refusal: Refusal, route?: Route): Answer {
  if (route?.style !== 'upload') return { status: refusal.status, body: envelope(refusal) };
  const status = refusal.code === 6 ? 409 : refusal.code === 13 ? 500 : 400;
  const isVersion = route.pattern.endsWith('_version');
  const failed = `Failed to create a ${isVersion ? '' : 'pipeline and a '}pipeline version`;
  const message = refusal.code === 3 ? (refusal.external ?? failed) : failed;
  return { status, body: { error_message: message, error_details: message } };
}

function describe(
  method: string,
  url: URL,
  headers: KubeflowRequest['headers'],
  raw: Buffer,
): KubeflowRequest {
  const query = Object.fromEntries(url.searchParams);
  return { method, path: url.pathname, query, headers, body: readable(headers, raw), status: 0 };
}

function readable(headers: KubeflowRequest['headers'], raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  const upload = readUpload(headers['content-type'] ?? '', raw);
  if (upload !== undefined) return { uploadfile: upload.fileName, text: upload.bytes.toString() };
  try {
    return JSON.parse(raw.toString());
  } catch {
    return raw.toString();
  }
}
