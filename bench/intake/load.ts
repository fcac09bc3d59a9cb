import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Delivery } from './delivery.ts';

/** Connections that are kept open, and as many requests at once. */
export const connections = 32;

/** Where deliveries go, over connections of its own. */
export interface Target {
  readonly url: string;
  readonly agent: Agent;
}

export function openTarget(url: string): Target {
  return { url, agent: new Agent({ keepAlive: true, maxSockets: connections }) };
}

/** Sends all of them as fast as they are taken. Answers the seconds it took. @throws Error unless every answer is 2xx. */
export async function sendAll(target: Target, deliveries: readonly Delivery[]): Promise<number> {
  const began = performance.now();
  const rest = deliveries.values();
  async function sender(): Promise<void> {
    for (const delivery of rest) await send(target, delivery);
  }
  await Promise.all(Array.from({ length: connections }, sender));
  return (performance.now() - began) / 1000;
}

/**
 * Sends one every so often, whether the others were answered or not. Answers milliseconds from the moment when each
 * was due, so that a pause of the server counts for all that had to wait for it.
 */
export async function sendPaced(
  target: Target,
  deliveries: readonly Delivery[],
  perSecond: number,
): Promise<readonly number[]> {
  const began = performance.now();
  const answered = deliveries.map(async (delivery, index) => {
    const due = began + (index * 1000) / perSecond;
    await delay(Math.max(0, due - performance.now()));
    const sent = performance.now();
    await send(target, delivery);
    // A timer fires up to a millisecond or two late; that is ours, not the server's.
    return performance.now() - Math.min(sent, due + 2);
  });
  return Promise.all(answered);
}

function send({ url, agent }: Target, { headers, body }: Delivery): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (response) => {
      const { statusCode = 0 } = response;
      response.resume();
      response.once('end', () => {
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`${url} answered ${statusCode}`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
