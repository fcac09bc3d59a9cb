import { writeFile } from 'node:fs/promises';
import { help, readOptions } from './options.ts';
import type { Bench, Row } from './row.ts';
import { renderRows } from './table.ts';

/** A bench that is loaded when it is wanted. */
export type Benches = Readonly<Record<string, () => Promise<Bench>>>;

/** Runs the benches that were asked for, prints their tables to `write`, and answers their rows. */
export async function run(
  argv: readonly string[],
  benches: Benches,
  write: (text: string) => void,
): Promise<readonly Row[]> {
  const options = readOptions(argv, Object.keys(benches));
  if (options.help) {
    write(help);
    return [];
  }
  const rows: Row[] = [];
  for (const [name, load] of Object.entries(benches)) {
    if (options.only.length > 0 && !options.only.includes(name)) continue;
    write(`${name}\n`);
    const bench = await load();
    const measured = await bench(options.sizes, (text) => write(`  ${text} …\n`));
    write(`${renderRows(measured)}\n\n`);
    rows.push(...measured);
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
  return rows;
}
