import type { Bench, Row } from '../row.ts';
import { measureRender } from './render.ts';
import { measureStreams } from './streams.ts';

/** How much is rendered and watched. */
export interface PageSizes {
  readonly findings: number;
  readonly rounds: number;
  /** Pages that are open at the same time. */
  readonly open: number;
  readonly lines: number;
}

const sizes: Readonly<Record<'full' | 'quick', PageSizes>> = {
  full: { findings: 1000, rounds: 30, open: 500, lines: 200 },
  quick: { findings: 1000, rounds: 5, open: 100, lines: 40 },
};

/** What the page of a run costs, and what it costs to keep many of them open. */
export const benchPages: Bench = (size, tell) => measurePages(sizes[size], tell);

export async function measurePages(wanted: PageSizes, tell: (text: string) => void): Promise<readonly Row[]> {
  tell(`a page with ${wanted.findings} findings`);
  const rendered = measureRender(wanted);
  return [...rendered, ...(await measureStreams(wanted, tell))];
}
