import { RetryableError } from '../../errors.ts';
import { request, type Timeouts } from '../../net/request.ts';
import type { Serving } from '../../ports/serving.ts';
import type { KserveConfig, KserveDeps } from './config.ts';
import { oneLine } from './json.ts';

/** A model may have to be loaded first. */
const patience: Timeouts = { headersMs: 60_000, bodyMs: 15_000, totalMs: 60_000 };

/** Answers are numbers; a smoke test needs few of them. */
const maxBytes = 4 * 1024 * 1024;

/** One request to a served model (specs kubeflow-kserve 5.9). Every status is an answer, network trouble is not. */
export function createPredict(config: KserveConfig, deps: KserveDeps): Serving['predict'] {
  return async ({ service, url, protocol, body }, signal) => {
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
      throw new RetryableError(`the InferenceService ${service} tells no address that can be asked`);
    }
    const own = new URL(url);
    const at = config.gateway === undefined ? own : new URL(config.gateway);
    const path = protocol === 'v1' ? `v1/models/${service}:predict` : `v2/models/${service}/infer`;
    const base = config.gateway === undefined ? own.pathname : joined(at.pathname, own.pathname);
    const dispatcher = await deps.dispatchers.for({});
    const answer = await request(
      dispatcher,
      {
        method: 'POST',
        url: new URL(joined(base, path), at),
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          // A shared gateway finds the service by its name.
          ...(config.gateway !== undefined && { host: own.host }),
        },
        body: JSON.stringify(body) ?? 'null',
        maxBytes,
        timeouts: config.timeouts ?? patience,
      },
      signal,
    );
    if (answer.kind === 'trouble') {
      throw new RetryableError(`the InferenceService ${service} could not be asked: ${answer.text}`);
    }
    const text = answer.body.toString();
    return {
      status: answer.status,
      body: answer.cut ? undefined : parsed(text),
      excerpt: oneLine(text.slice(0, 4000), 300),
    };
  };
}

function joined(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
