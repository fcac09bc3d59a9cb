import { createByteBudget, type ByteBudget } from './byte-budget.ts';

/** What large bodies may take; bytes and milliseconds. */
export interface BodyMemoryLimits {
  readonly total: number;
  /** Of one address: nobody takes everything. */
  readonly perPeer: number;
  readonly waitMs: number;
}

/** Memory for large request bodies. */
export interface BodyMemory {
  /** Resolves to the function that gives the bytes back; to undefined when they were not free in time. */
  readonly take: (peer: string, bytes: number) => Promise<(() => void) | undefined>;
}

/** `after` is the clock's timer. */
export function createBodyMemory(
  { total, perPeer, waitMs }: BodyMemoryLimits,
  after: (ms: number, then: () => void) => () => void,
): BodyMemory {
  const everybody = createByteBudget(total, after);
  const peers = new Map<string, ByteBudget>();
  return {
    async take(peer, bytes) {
      const share = peers.get(peer) ?? createByteBudget(perPeer, after);
      peers.set(peer, share);
      const giveShareBack = await share.take(bytes, waitMs);
      if (giveShareBack === undefined) return undefined;
      const giveBack = await everybody.take(bytes, waitMs);
      const end = (): void => {
        giveBack?.();
        giveShareBack();
        if (share.free() === perPeer) peers.delete(peer);
      };
      if (giveBack !== undefined) return end;
      end();
      return undefined;
    },
  };
}
