import { isObject, type JsonObject } from '../json.ts';
import { badRequest, gone, notFound } from '../refusal.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { matcherOf } from './selectors.ts';
import { existing } from './writes.ts';
import type { Answer, Call, World } from './world.ts';

/** GET of one object. */
export function get(world: World, call: Call): Answer {
  return { status: 200, body: existing(world, call) };
}

/** GET of a collection, by label and field selectors, in pages where a limit is asked. */
export function list(world: World, call: Call): Answer {
  const { kind, namespace } = call.target;
  const matches = matcherOf(call.query);
  const start = readContinue(world, call.query.get('continue'));
  const found = world.store.list(kind, namespace === '' ? undefined : namespace).filter(matches);
  const rest = found.slice(start.index);
  const limit = Number(call.query.get('limit') ?? 0);
  const items = limit > 0 ? rest.slice(0, limit) : rest;
  const left = rest.length - items.length;
  const version = start.version ?? world.store.version();
  const next = { continue: writeContinue(version, start.index + items.length), remainingItemCount: left };
  const metadata = { resourceVersion: String(version), ...(left > 0 ? next : {}) };
  const body = { apiVersion: apiVersionOf(kind), kind: `${kind.kind}List`, metadata };
  return { status: 200, body: { ...body, items: items.map((object) => item(kind, object)) } };
}

/** Lists of built-in kinds leave the type of their items out. */
function item(kind: Kind, object: JsonObject): JsonObject {
  if (kind.custom) return object;
  const { apiVersion: _version, kind: _kind, ...rest } = object;
  return rest;
}

function writeContinue(version: number, index: number): string {
  return Buffer.from(JSON.stringify({ version, index })).toString('base64url');
}

function readContinue(world: World, token: string | null): { index: number; version: number | undefined } {
  if (token === null || token === '') return { index: 0, version: undefined };
  const read = parseToken(token);
  if (read === undefined) throw badRequest('continue key is not valid');
  if (read.version < world.store.oldest()) {
    throw gone('The provided continue parameter is too old to display a consistent list result.');
  }
  return read;
}

function parseToken(token: string): { index: number; version: number } | undefined {
  try {
    const read: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (!isObject(read)) return undefined;
    const { index, version } = read;
    return typeof index === 'number' && typeof version === 'number' ? { index, version } : undefined;
  } catch {
    return undefined;
  }
}

/** GET of a pod's log, as text. */
export function podLog(world: World, call: Call): Answer {
  const { namespace, name } = call.target;
  existing(world, call);
  const prefix = `${namespace}/${name}/`;
  const containers = [...world.logs.keys()].filter((key) => key.startsWith(prefix));
  const asked = call.query.get('container') ?? containers[0]?.slice(prefix.length) ?? '';
  const text = world.logs.get(prefix + asked);
  if (text === undefined && call.query.has('container')) {
    throw notFound({ group: '', plural: 'containers', name: asked });
  }
  return { status: 200, body: tail(text ?? '', call.query), headers: { 'content-type': 'text/plain' } };
}

function tail(text: string, query: URLSearchParams): string {
  const lines = query.get('tailLines');
  const cut =
    lines === null
      ? text
      : text
          .split(/(?<=\n)/)
          .slice(-Number(lines))
          .join('');
  const bytes = query.get('limitBytes');
  return bytes === null ? cut : Buffer.from(cut).subarray(0, Number(bytes)).toString();
}
