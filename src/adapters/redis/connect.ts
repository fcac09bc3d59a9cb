import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import type { Outages } from './outages.ts';
import { writeTogether } from './write-together.ts';

export type { Redis } from 'ioredis';

/** Longest time that one command of a producer may take; the whole of an intake has two seconds. */
const commandTimeoutMs = 1500;

/**
 * The connection of whoever answers requests: a command that cannot be sent fails at once, one that is not answered
 * fails after 1.5 s, and a server that hangs is given up after two (specs stack 6.2). Nothing queues up meanwhile.
 */
export function connectProducer(url: string, outages: Outages): Redis {
  const redis = open(url, outages, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    commandTimeout: commandTimeoutMs,
    socketTimeout: 2000,
    connectTimeout: 2000,
  });
  writeTogether(redis);
  return redis;
}

/** The connection of a worker: commands wait for as long as Redis is away, and are sent when it is back. */
export function connectWorker(url: string, outages: Outages): Redis {
  return open(url, outages, { maxRetriesPerRequest: null });
}

function open(url: string, outages: Outages, options: RedisOptions): Redis {
  const redis = new Redis(url, {
    ...options,
    replyMapping: 'legacy',
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 1000) + Math.random() * 50,
    // The error code of a replica: after a failover the name resolves to the new primary. Codes are protocol.
    reconnectOnError: (error) => error.message.startsWith('READONLY '),
  });
  outages.watch(redis);
  return redis;
}
