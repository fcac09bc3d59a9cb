import type { FastifyReply, FastifyRequest } from 'fastify';
import { messageOf } from '../../../errors.ts';
import type { Log } from '../../../log.ts';
import type { Clock } from '../../../ports/clock.ts';
import { createLogSparingly } from '../../log-sparingly.ts';
import { pageHeaders } from '../send-page.ts';
import { createFeed, type Feed, type FeedSource } from './feed.ts';
import { openViewer } from './viewer.ts';

/** Connections that stay open, at most; half of what the server takes, so that webhooks always have the other half. */
export const mostStreams = 1000;

/** After so long a stream ends; a browser connects again, and its visitor's rights are looked at anew. */
const longestMs = 60_000;
/** How far the clock of Redis may be ahead. */
const aheadMs = 5000;
/** What somebody gets to read the rest then. */
const restMs = 10_000;

/** Server-sent events for open pages. */
export interface Streams {
  /** Answers with the events of what `key` names; all who name the same share one reader. */
  open(request: FastifyRequest, reply: FastifyReply, key: string, source: FeedSource): FastifyReply;
  /** Ends all of them. */
  end(): void;
}

/** Bounded: one stream too many is answered 503, and its page asks now and then instead. */
export function createStreams({
  clock,
  log,
  most = mostStreams,
}: {
  readonly clock: Clock;
  readonly log: Log;
  readonly most?: number;
}): Streams {
  const feeds = new Map<string, Feed>();
  const sparingly = createLogSparingly(log, clock);
  const onTrouble = (thrown: unknown): void =>
    sparingly('feed', { reason: messageOf(thrown) }, 'open pages could not be told what is new');
  let count = 0;

  function feedOf(key: string, source: FeedSource): Feed {
    const feed = feeds.get(key) ?? createFeed(source, { clock, onTrouble });
    feeds.set(key, feed);
    return feed;
  }

  return {
    open(request, reply, key, source) {
      if (count >= most) {
        sparingly('full', { most }, 'a stream was refused: there are too many open pages');
        return reply.code(503).header('retry-after', '30').send();
      }
      reply.hijack();
      // Nothing would tell us a second time that somebody left while we found out who asks.
      if (reply.raw.closed) return reply;
      count += 1;
      const feed = feedOf(key, source);
      const viewer = openViewer(reply.raw, pageHeaders, beginOf(request, clock.now()));
      const cancelEnd = clock.after(longestMs, () => viewer.end());
      const cancelCut = clock.after(longestMs + restMs, () => viewer.cut());
      reply.raw.once('close', () => {
        count -= 1;
        cancelEnd();
        cancelCut();
        feed.remove(viewer);
        if (feed.viewers.size === 0) feeds.delete(key);
      });
      feed.add(viewer);
      return reply;
    },
    end() {
      for (const feed of feeds.values()) feed.end();
    },
  };
}

/** Where to go on: a browser that connects again says what it had last, and the address what its page showed at first. */
function beginOf(
  { headers, query }: FastifyRequest,
  now: Date,
): {
  readonly cursor: string | undefined;
  readonly version: string | undefined;
} {
  return {
    cursor: cursorOf(headers['last-event-id'], now) ?? cursorOf(fieldOf(query, 'after'), now),
    version: textOf(fieldOf(query, 'version')),
  };
}

/** The field of a query that was given once. */
export function fieldOf(query: unknown, name: string): unknown {
  return typeof query === 'object' && query !== null
    ? Object.entries(query).find(([key]) => key === name)?.[1]
    : undefined;
}

/** The id of a line, which begins with its time. One of the future would keep new lines from all who share the reader. */
function cursorOf(value: unknown, now: Date): string | undefined {
  const [text, time] = (typeof value === 'string' ? /^(\d{1,15})-\d{1,15}$/.exec(value) : null) ?? [];
  return Number(time) <= now.getTime() + aheadMs ? text : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 300 ? value : undefined;
}
