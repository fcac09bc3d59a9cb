import { RetryableError } from '../../errors.ts';
import { describeNetworkError } from '../../net/network-trouble.ts';
import { defaultTimeouts } from './config.ts';
import { lastLines } from './log-text.ts';
import { mapAnswer } from './map-answer.ts';
import { podNames } from './pod-names.ts';
import { readSaid } from './said.ts';
import { below, type Line } from './send.ts';
import { readTail, type Tail } from './stream-tail.ts';

/** Logs are sent from their beginning; what is beyond this is not read, and the lines shown are those before it. */
const limits = { readBytes: 64 * 1024 * 1024, keepBytes: 1024 * 1024 };

/** Servers that ask for rights on logs answer 403 where there is no run to have rights on. */
const noRun = /not found/i;

const goesOn = '… (the log goes on, and is too long to be read to its end)';

/** Which log, and how much of it. */
export interface WantedLog {
  readonly run: string;
  readonly pod: string;
  readonly lines: number;
}

/** An address that a log may be at. */
interface Source {
  readonly server: 'api' | 'pages';
  readonly url: URL;
  /** Method and path. */
  readonly what: string;
  readonly authorised: boolean;
}

/**
 * The last lines of a log: from the API, which reads the pod or its archive, else from the pages' server, by each name
 * that the pod may have. Empty: nobody has it.
 */
export async function readLogTail(
  line: Line,
  wanted: WantedLog,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let trouble: Error | undefined;
  const hopeless = new Set<Source['server']>();
  for (const source of sourcesOf(line, wanted)) {
    if (hopeless.has(source.server)) continue;
    const got = await read(line, source, signal);
    if (got instanceof Error) {
      trouble ??= got;
      hopeless.add(source.server);
    } else if (got !== undefined) {
      const found = lastLines(got.text, wanted.lines);
      if (found.length > 0) return got.cut ? [...found, goesOn] : found;
    }
  }
  if (trouble !== undefined) throw trouble;
  return [];
}

function sourcesOf({ config }: Line, { run, pod }: WantedLog): readonly Source[] {
  const names = podNames(pod);
  const api = names.map((name) => {
    const path = `apis/v1alpha1/runs/${encodeURIComponent(run)}/nodes/${encodeURIComponent(name)}/log`;
    return { server: 'api', url: below(config.url, path), what: `GET /${path}`, authorised: true } as const;
  });
  const { ui, namespace } = config;
  if (ui === undefined) return api;
  const path = 'k8s/pod/logs';
  const pages = names.map((name) => ({
    server: 'pages' as const,
    url: below(ui, path, { podname: name, runid: run, podnamespace: namespace }),
    what: `GET /${path}`,
    // The pages may be anybody's; the token is for the API.
    authorised: new URL(ui).origin === new URL(config.url).origin,
  }));
  return [...api, ...pages];
}

/** A log; undefined: it is not there; an error: whether it is there is not known. */
async function read(line: Line, source: Source, signal: AbortSignal): Promise<Tail | Error | undefined> {
  const { config, deps, host } = line;
  const { url, what } = source;
  const timeouts = config.timeouts ?? defaultTimeouts;
  const secret = source.authorised ? config.token?.() : undefined;
  const authorization = secret === undefined ? {} : { authorization: `Bearer ${secret}` };
  signal.throwIfAborted();
  try {
    const dispatcher = await deps.dispatchers.for(config.tls ?? {});
    const answer = await dispatcher.request({
      method: 'GET',
      origin: url.origin,
      path: url.pathname + url.search,
      headers: { accept: 'text/plain', ...authorization },
      signal,
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyMs,
    });
    const tail = await readTail(answer.body, { ...limits, totalMs: timeouts.totalMs });
    const { statusCode: status } = answer;
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    );
    const isPage = headers['content-type']?.includes('text/html') === true;
    if (status >= 200 && status < 300 && !isPage) return tail;
    if (!isTelling(status) || (status === 403 && noRun.test(tail.text))) return undefined;
    const said = readSaid(undefined, isPage ? '' : tail.text, secret);
    const kept = { kind: 'answer', status, headers, body: Buffer.alloc(0), cut: false, url } as const;
    return mapAnswer({ answer: kept, said, json: false, what, host, now: deps.clock.now() }).error;
  } catch (thrown) {
    signal.throwIfAborted();
    return new RetryableError(`${host}: ${what}: ${describeNetworkError(thrown, url.host).text}`);
  }
}

/** Whether a refusal is about us or the moment. All others, 500 too, are how servers say that a pod and its log are gone. */
function isTelling(status: number): boolean {
  return status < 400 || [401, 403, 429, 502, 503, 504].includes(status);
}
