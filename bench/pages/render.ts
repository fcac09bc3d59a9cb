import { htmlText } from '../../src/report/html.ts';
import { renderRunPage } from '../../src/report/page/run-page.ts';
import { least, median } from '../figures.ts';
import { ratioOf, rowsOf, type Row } from '../row.ts';
import { sampleRun } from './sample.ts';

/** One page, and a template of the same size that escapes its findings with one pattern and knows nothing else. */
export function measureRender({
  findings,
  rounds,
}: {
  readonly findings: number;
  readonly rounds: number;
}): readonly Row[] {
  const run = sampleRun('rendered', findings);
  const page = (): string => htmlText(renderRunPage(run, { log: [] }));
  const size = page().length;
  const piece = '<p class="finding">& "text" of a finding</p>\n'.padEnd(Math.ceil(size / findings) - 40, 'x');
  const trivial = (): string => trivialPage(piece, findings);
  const variants = [
    { name: `page of ${findings} findings`, make: page, ms: [] as number[] },
    { name: 'trivial template', make: trivial, ms: [] as number[] },
  ];
  for (const { make } of variants) for (let warm = 0; warm < 3; warm += 1) make();
  for (let round = 0; round < rounds; round += 1)
    for (const { make, ms } of round % 2 === 0 ? variants : variants.toReversed()) {
      const began = performance.now();
      make();
      ms.push(performance.now() - began);
    }
  const rows = variants.flatMap(({ name, make, ms }) =>
    rowsOf('pages', name, {
      'render-min ms': least(ms),
      'render-median ms': median(ms),
      'size KB': make().length / 1000,
    }),
  );
  return [...rows, ...ratioOf(rows, 'render-min', `page of ${findings} findings`, 'trivial template')];
}

function trivialPage(piece: string, count: number): string {
  let made = '<!doctype html>\n';
  for (let index = 0; index < count; index += 1)
    made += piece.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return made;
}
