import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { compareRefs, readRefs, type RefChange } from './git/bare-repository.ts';
import { gitEnvironment } from './git/run.ts';
import type { Serial } from './serial.ts';

/** A request for a repository: `path` is what stands before `.git` or the service, without a slash in front. */
export interface GitAccess {
  readonly path: string;
  readonly service: 'read' | 'write';
  /** The password of basic auth; any user name is taken, as hosts do with tokens. */
  readonly token: string | undefined;
}

/** The host's answer to a request for a repository. */
export type GitDecision<Actor> =
  | {
      readonly kind: 'granted';
      readonly directory: string;
      readonly actor: Actor;
      /** Refs that this push may not touch. */
      readonly refuse: readonly string[];
    }
  /** 401: asks for credentials. */
  | { readonly kind: 'unauthenticated' }
  /** 403: known, but not allowed. */
  | { readonly kind: 'forbidden' }
  /** 404: not there, or not for these eyes. */
  | { readonly kind: 'missing' };

/** A host's part in serving git. */
export interface GitHttpConfig<Actor> {
  /** The name in the question for credentials. */
  readonly realm?: string;
  readonly decide: (access: GitAccess) => GitDecision<Actor>;
  /** After a push, before the client hears that it is done: post-receive. */
  readonly received: (push: {
    readonly path: string;
    readonly actor: Actor;
    readonly changes: readonly RefChange[];
  }) => Promise<void>;
  /** Keeps writers of one repository apart; shared with whoever writes without HTTP. */
  readonly serial: Serial;
}

/** Where a URL path leads in smart HTTP. */
interface GitRoute {
  readonly path: string;
  readonly file: string;
  readonly service: 'read' | 'write';
}

const routeShape = /^\/(.+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Serves bare repositories over smart HTTP with `git http-backend`; false when the URL is not about git. */
export function createGitHttp<Actor>(
  config: GitHttpConfig<Actor>,
): (request: IncomingMessage, response: ServerResponse, target: string) => Promise<boolean> {
  return async function serve(request, response, target) {
    const route = readRoute(target);
    if (route === undefined) return false;
    const decision = config.decide({
      path: route.path,
      service: route.service,
      token: basicPassword(request),
    });
    if (decision.kind !== 'granted') {
      request.resume();
      refuse(decision.kind, response, config.realm ?? 'GitLab');
      return true;
    }
    if (route.file !== 'git-receive-pack') {
      await runBackend({ request, response, route, directory: decision.directory, refuse: decision.refuse });
      response.end();
      return true;
    }
    await config.serial.run(decision.directory, async () => {
      const before = await readRefs(decision.directory);
      await runBackend({ request, response, route, directory: decision.directory, refuse: decision.refuse });
      const changes = compareRefs(before, await readRefs(decision.directory));
      if (changes.length > 0) await config.received({ path: route.path, actor: decision.actor, changes });
    });
    response.end();
    return true;
  };
}

function readRoute(target: string): GitRoute | undefined {
  const url = new URL(target, 'http://localhost');
  const found = routeShape.exec(decodeURIComponent(url.pathname));
  if (found === null) return undefined;
  const [, path = '', file = ''] = found;
  const writes = file === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  return { path, file, service: writes ? 'write' : 'read' };
}

function basicPassword(request: IncomingMessage): string | undefined {
  const found = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '');
  if (found === null) return undefined;
  const pair = Buffer.from(found[1] ?? '', 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}

function refuse(
  kind: 'unauthenticated' | 'forbidden' | 'missing',
  response: ServerResponse,
  realm: string,
): void {
  if (kind === 'unauthenticated') {
    response.writeHead(401, { 'www-authenticate': `Basic realm="${realm}"`, 'content-type': 'text/plain' });
    response.end('HTTP Basic: Access denied.\n');
    return;
  }
  response.writeHead(kind === 'forbidden' ? 403 : 404, { 'content-type': 'text/plain' });
  response.end(
    kind === 'forbidden' ? 'You are not allowed to do this.\n' : 'The project could not be found.\n',
  );
}

/** Everything about one run of the CGI program. */
interface Backend {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly route: GitRoute;
  readonly directory: string;
  readonly refuse: readonly string[];
}

/** Streams the request through `git http-backend`; leaves the response open for its owner to end. */
function runBackend(backend: Backend): Promise<void> {
  const { request, response } = backend;
  const child = spawn('git', ['http-backend'], { env: gitEnvironment(cgiVariables(backend)) });
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stderr.resume();
  response.on('close', () => child.kill());
  return forward(child, response);
}

function forward(child: ChildProcessWithoutNullStreams, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    child.on('error', reject);
    child.on('close', () => {
      if (!response.headersSent) response.writeHead(500);
      resolve();
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (response.headersSent) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      writeHead(response, head.subarray(0, end).toString());
      if (head.length > end + 4) response.write(head.subarray(end + 4));
    });
  });
}

function writeHead(response: ServerResponse, cgi: string): void {
  let status = 200;
  for (const line of cgi.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).trim();
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}

function cgiVariables({
  request,
  route,
  directory,
  refuse: refs,
}: Backend): Readonly<Record<string, string>> {
  const hidden = refs.map((ref, index): [string, string][] => [
    [`GIT_CONFIG_KEY_${index}`, 'receive.hideRefs'],
    [`GIT_CONFIG_VALUE_${index}`, ref],
  ]);
  return {
    GIT_PROJECT_ROOT: dirname(directory),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(directory)}/${route.file}`,
    REQUEST_METHOD: request.method ?? 'GET',
    QUERY_STRING: new URL(request.url ?? '/', 'http://localhost').search.slice(1),
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    REMOTE_USER: 'sandbox',
    REMOTE_ADDR: '127.0.0.1',
    ...(request.headers['content-length'] === undefined
      ? {}
      : { CONTENT_LENGTH: request.headers['content-length'] }),
    GIT_CONFIG_COUNT: String(refs.length),
    ...Object.fromEntries(hidden.flat()),
  };
}
