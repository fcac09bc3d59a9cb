import type { Event } from './event.ts';
import { toSha, type Repository, type Sha } from './repository.ts';

/** What the authentic body of a delivery means to us. */
export type Meaning =
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'ignored' | 'malformed'; readonly reason: string };

/** Whose deliveries are listened to: the host's id here, and the repositories by path. */
export interface Audience {
  readonly id: string;
  readonly repositories: (path: string) => boolean;
}

/** Something that happened. */
export function event(what: Event): Meaning {
  return { kind: 'event', event: what };
}

/** Authentic, but none of our business. */
export function ignored(reason: string): Meaning {
  return { kind: 'ignored', reason };
}

/** Authentic, but not readable. */
export function malformed(reason: string): Meaning {
  return { kind: 'malformed', reason };
}

/** A body as a value; undefined when it is no JSON: the parser's own message would quote it. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text of a body as a reason has it: in quotes, escaped, the first 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** The branch of a full ref; undefined: a tag, or what else there is. */
export function branchOf(ref: string): string | undefined {
  return /^refs\/heads\/(.+)$/.exec(ref)?.[1];
}

/** A push, as all hosts tell it: a full ref, and the ids before and after. */
export function fromPush(
  push: { readonly ref: string; readonly before: string; readonly after: string },
  repository: Repository,
): Meaning {
  const branch = branchOf(push.ref);
  if (branch === undefined) return ignored(`the ref ${quote(push.ref)} is no branch`);
  const before = readTip(push.before);
  const after = readTip(push.after);
  if (before === 'garbled' || after === 'garbled') return malformed('before or after is no commit id');
  if (before === undefined && after === undefined) return malformed('before and after both name no commit');
  return event({ kind: 'branch-moved', repository, branch, before, after });
}

/** All zeros stand for "no commit": the branch was created or deleted. */
function readTip(text: string): Sha | undefined | 'garbled' {
  if (/^(?:0{40}|0{64})$/.test(text)) return undefined;
  return toSha(text) ?? 'garbled';
}
