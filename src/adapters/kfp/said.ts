import { z } from 'zod';

/** What an answer says went wrong. */
export interface Said {
  /** gRPC code; undefined where the answer has none, as those of uploads. */
  readonly code: number | undefined;
  /** The long internal chain, or the page that a proxy answered. */
  readonly whole: string;
  /** What people are to read, one line. */
  readonly reason: string;
}

/** The gateway's envelope of all versions, and what uploads and logs answer (specs kubeflow-kserve 3.1, 3.7). */
const Envelope = z.object({
  code: z.number().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  error_message: z.string().optional().catch(undefined),
  details: z.array(z.unknown()).optional().catch(undefined),
});

const Detail = z.object({
  code: z.number().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error_message: z.string().optional().catch(undefined),
});

/** What the server says to people when it wants to say nothing: then the chain is worth more. */
const empty = new Set(['', 'Internal Server Error']);

const longestReason = 400;

/** Reads what an answer outside of 2xx says; `secret` is taken out wherever it occurs. */
export function readSaid(json: unknown, text: string, secret: string | undefined): Said {
  const envelope = Envelope.safeParse(json);
  if (!envelope.success) return { code: undefined, whole: text, reason: oneLine(text, secret) };
  const { code, message, error, error_message: uploads, details } = envelope.data;
  const nested = (details ?? []).map((detail) => Detail.safeParse(detail).data);
  const whole = message ?? error ?? uploads ?? '';
  const told = nested.map((detail) => detail?.message ?? detail?.error_message ?? '');
  const external = told.find((one) => !empty.has(one.trim()));
  return {
    code: code ?? nested.find((detail) => detail?.code !== undefined)?.code,
    whole,
    reason: oneLine(external ?? whole, secret),
  };
}

/** One line, cut, and never the secret, even where a proxy repeats what it was sent. */
function oneLine(text: string, secret: string | undefined): string {
  const clean = secret === undefined ? text : text.replaceAll(secret, '…');
  // oxlint-disable-next-line no-control-regex
  const line = clean.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length <= longestReason ? line : `${line.slice(0, longestReason)} …`;
}
