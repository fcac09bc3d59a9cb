import type { Environment } from '../domain/environment.ts';

/** Where a run is to write its manifest: it follows from the run, so that it is found again. */
export function manifestAddress({ handover = '' }: Environment, runId: string): string {
  return `${handover}${runId}.json`;
}
