import type { ActiveJob } from '../../domain/operations.ts';

/** Jobs at work, those that began first in front. */
export interface AtWork {
  add(id: string, job: ActiveJob, controller: AbortController): void;
  remove(id: string): void;
  controllers(): Iterable<AbortController>;
  controller(id: string): AbortController | undefined;
  jobs(): readonly ActiveJob[];
}

export function createAtWork(): AtWork {
  const entries = new Map<string, { readonly job: ActiveJob; readonly controller: AbortController }>();
  return {
    add: (id, job, controller) => void entries.set(id, { job, controller }),
    remove: (id) => void entries.delete(id),
    controllers: () => [...entries.values()].map(({ controller }) => controller),
    controller: (id) => entries.get(id)?.controller,
    jobs: () => [...entries.values()].map(({ job }) => job),
  };
}
