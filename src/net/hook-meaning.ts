/** What an authentic body means to us; `E` is an event of the domain. */
export type HookMeaning<E> =
  | { readonly kind: 'event'; readonly event: E }
  | { readonly kind: 'ignored' | 'malformed'; readonly reason: string };

/** Whose deliveries are listened to: the host's id here, and the repositories by path. */
export interface Audience {
  readonly id: string;
  readonly repositories: (path: string) => boolean;
}

/** Authentic, but none of our business. */
export function ignored(reason: string): HookMeaning<never> {
  return { kind: 'ignored', reason };
}

/** Authentic, but not readable. */
export function malformed(reason: string): HookMeaning<never> {
  return { kind: 'malformed', reason };
}

/** A text of a body as a reason has it: in quotes, escaped, the first 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
