import { malformed } from '../refusal.ts';
import { isRecord } from '../package/shapes.ts';

/** What a field of a message may hold. */
export type FieldKind = 'string' | 'time' | 'struct' | 'texts' | Message | readonly [Message];

/** The fields of a message by their proto names. */
export interface Message {
  readonly [field: string]: FieldKind;
}

/**
 * Reads a request body as the gateway does: unknown fields are refused, both spellings are taken, `null` is unset
 * (specs kubeflow 0.3).
 * @throws Refusal 400
 */
export function readMessage(raw: Buffer, message: Message): Readonly<Record<string, unknown>> {
  const text = raw.toString();
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('syntax error (line 1:1): unexpected token');
  }
  return read(value, message, text);
}

function read(value: unknown, message: Message, text: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw malformed('syntax error (line 1:1): unexpected token, want {');
  const fields: Record<string, unknown> = {};
  for (const [spelled, part] of Object.entries(value)) {
    const name = spelled.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const kind = message[name];
    if (kind === undefined) throw malformed(`(line 1:${column(text, spelled)}): unknown field "${spelled}"`);
    if (name in fields) throw malformed(`(line 1:${column(text, spelled)}): duplicate field "${spelled}"`);
    if (part !== null) fields[name] = readField(spelled, part, kind, text);
  }
  return fields;
}

function readField(name: string, value: unknown, kind: FieldKind, text: string): unknown {
  const wrong = malformed(
    `(line 1:${column(text, name)}): invalid value for field ${name}: ${JSON.stringify(value)}`,
  );
  if (kind === 'string' || kind === 'time') {
    const fits = typeof value === 'string' && (kind === 'string' || !Number.isNaN(Date.parse(value)));
    if (!fits) throw wrong;
    return value;
  }
  if (kind === 'struct') {
    if (!isRecord(value)) throw wrong;
    return value;
  }
  if (kind === 'texts') {
    if (!isRecord(value) || Object.values(value).some((entry) => typeof entry !== 'string')) throw wrong;
    return value;
  }
  if (!isList(kind)) return read(value, kind, text);
  if (!Array.isArray(value)) throw wrong;
  return value.map((entry) => read(entry, kind[0], text));
}

function isList(kind: Message | readonly [Message]): kind is readonly [Message] {
  return Array.isArray(kind);
}

function column(text: string, name: string): number {
  return text.indexOf(`"${name}"`) + 1;
}
