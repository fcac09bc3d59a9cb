import { escapeText } from './markdown.ts';

/** Why a host takes no status from us, in words for people. */
export interface StatusRefusal {
  readonly message: string;
  readonly remedy: string;
}

/** The comment where there can be no status: it is all that people see, so it is always made, and says why. */
export function withoutStatus(
  comment: { readonly body: string },
  refusal: StatusRefusal,
): { body: string; create: true } {
  const [head = '', ...rest] = comment.body.split('\n');
  const why = `**There is no status beside this change:** ${escapeText(refusal.message)}. ${escapeText(refusal.remedy)}`;
  return { body: [head, '', why, ...rest].join('\n'), create: true };
}
