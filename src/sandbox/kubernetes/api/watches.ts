import type { ServerResponse } from 'node:http';
import { textAt, type JsonObject } from '../json.ts';
import { failure, gone } from '../refusal.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { isTrue } from './request.ts';
import { matcherOf, type Matcher } from './selectors.ts';
import type { Change } from './store.ts';
import type { Call, World } from './world.ts';

/** Watches that are open. */
export interface Watches {
  /** Answers a request with a stream. @throws KubernetesRefusal before the first byte. */
  open(call: Call): (response: ServerResponse) => void;
  /** Tells every watch that asked for bookmarks where it stands, and ends those that are over. */
  bookmark(): void;
  /** Ends all: in order, or in the middle of the connection. */
  cut(how: 'end' | 'destroy'): void;
  count(): number;
}

interface Watcher {
  readonly kind: Kind;
  readonly namespace: string;
  readonly matches: Matcher;
  readonly bookmarks: boolean;
  readonly until: number;
  readonly response: ServerResponse;
}

/** How a watch from before the history is told so: as an event (the usual way) or as the answer's status. */
export type GoneAs = 'event' | 'status';

/** No watch is open at first. */
export function createWatches(world: World, goneAs: () => GoneAs): Watches {
  const open = new Set<Watcher>();
  world.store.subscribe((change) => {
    for (const watcher of open) tell(watcher, change);
  });
  return { open: begin, bookmark, cut, count: () => open.size };

  function begin(call: Call): (response: ServerResponse) => void {
    const { kind, namespace, name } = call.target;
    const matches = withName(matcherOf(call.query), name);
    const asked = call.query.get('resourceVersion') ?? '';
    const tooOld = asked !== '' && asked !== '0' && Number(asked) < world.store.oldest();
    const message = `too old resource version: ${asked} (${world.store.oldest()})`;
    if (tooOld && goneAs() === 'status') throw gone(message);
    const seconds = Number(call.query.get('timeoutSeconds') ?? 0);
    const until = seconds > 0 ? world.now().getTime() + seconds * 1000 : Number.POSITIVE_INFINITY;
    const bookmarks = isTrue(call.query.get('allowWatchBookmarks'));
    return (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache' });
      response.flushHeaders();
      if (tooOld) {
        response.end(line('ERROR', failure(410, 'Expired', message)));
        return;
      }
      const watcher: Watcher = { kind, namespace, matches, bookmarks, until, response };
      catchUp(watcher, asked);
      open.add(watcher);
      response.on('close', () => open.delete(watcher));
    };
  }

  /** From a version: what was written since. From none or 0: everything, as if it had just been added. */
  function catchUp(watcher: Watcher, asked: string): void {
    if (asked !== '' && asked !== '0') {
      for (const change of world.store.changesAfter(Number(asked))) tell(watcher, change);
      return;
    }
    const namespace = watcher.namespace === '' ? undefined : watcher.namespace;
    for (const object of world.store.list(watcher.kind, namespace)) {
      if (watcher.matches(object)) watcher.response.write(line('ADDED', object));
    }
  }

  function bookmark(): void {
    for (const watcher of open) {
      const { kind, bookmarks, response, until } = watcher;
      const metadata = { resourceVersion: String(world.store.version()), creationTimestamp: null };
      const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
      if (bookmarks) response.write(line('BOOKMARK', object));
      if (world.now().getTime() < until) continue;
      open.delete(watcher);
      response.end();
    }
  }

  function cut(how: 'end' | 'destroy'): void {
    for (const { response } of open) {
      if (how === 'end') response.end();
      else response.destroy();
    }
    open.clear();
  }
}

function withName(matches: Matcher, name: string): Matcher {
  if (name === '') return matches;
  return (object) => matches(object) && textAt(object, 'metadata', 'name') === name;
}

function line(type: string, object: JsonObject): string {
  return `${JSON.stringify({ type, object })}\n`;
}

/** An object that begins or ceases to match is told as added or deleted. */
function tell(watcher: Watcher, change: Change): void {
  const { kind, namespace, matches, response } = watcher;
  if (change.kind !== kind) return;
  if (namespace !== '' && textAt(change.object, 'metadata', 'namespace') !== namespace) return;
  const before = change.before !== undefined && matches(change.before);
  const after = change.type !== 'DELETED' && matches(change.object);
  if (!before && !after) return;
  const type = before && after ? 'MODIFIED' : after ? 'ADDED' : 'DELETED';
  response.write(line(type, change.object));
}
