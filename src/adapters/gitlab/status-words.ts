import type { Status } from '../../ports/host.ts';

/** A status in GitLab's words. */
export interface StatusWords {
  readonly state: 'running' | 'success' | 'failed' | 'canceled';
  readonly description: string;
  readonly targetUrl: string | undefined;
}

/** Characters that GitLab takes for a description, a url and a ref. */
export const longest = 255;

const states: Readonly<Record<Status['state'], StatusWords['state']>> = {
  running: 'running',
  success: 'success',
  failure: 'failed',
  'action-required': 'failed',
  cancelled: 'canceled',
};

/**
 * GitLab has no state for "somebody must act": that is a failure whose text says for whom it waits. An address that
 * is too long is left out, because half of one leads nowhere.
 */
export function toWords(status: Status): StatusWords {
  return {
    state: states[status.state],
    description: cutText(status.description.replace(/\s+/g, ' ').trim()),
    targetUrl: status.url.length <= longest ? status.url : undefined,
  };
}

/** By code points: half of a surrogate pair would be refused. */
function cutText(text: string): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
