import { load } from 'js-yaml';
import { createSource } from '../../src/formats/source.ts';
import { readYaml } from '../../src/formats/yaml/read-yaml.ts';
import { coreScalars } from '../../src/formats/yaml/scalars.ts';
import { defaultLimits } from '../../src/limits.ts';
import { least, median } from '../figures.ts';
import { ratioOf, rowsOf, type Bench, type Row } from '../row.ts';
import { readInputs } from './inputs.ts';

/** How much is parsed. */
export interface YamlSizes {
  readonly mapBytes: number;
  readonly rounds: number;
}

const sizes: Readonly<Record<'full' | 'quick', YamlSizes>> = {
  full: { mapBytes: 5_000_000, rounds: 15 },
  quick: { mapBytes: 500_000, rounds: 3 },
};

/** A parse that is quicker than this is repeated until it is not. */
const leastMs = 20;

/** One parse with our positioned reader, and with js-yaml's `load`, which keeps no positions. */
export const benchYaml: Bench = (size, tell) => measureYaml(sizes[size], tell);

export async function measureYaml(wanted: YamlSizes, tell: (text: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { name, text } of await readInputs(wanted.mapBytes)) {
    tell(name);
    const parsers = [
      { name: `modelgate, ${name}`, parse: () => parseOurs(text), ms: [] as number[] },
      {
        name: `js-yaml, ${name}`,
        parse: () => void load(text, { maxDepth: defaultLimits.yamlDepth }),
        ms: [] as number[],
      },
    ];
    for (const { parse } of parsers) timeOf(parse);
    for (let round = 0; round < wanted.rounds; round += 1)
      for (const parser of round % 2 === 0 ? parsers : parsers.toReversed())
        parser.ms.push(timeOf(parser.parse));
    const measured = parsers.flatMap((parser) =>
      rowsOf('yaml', parser.name, { 'parse-min ms': least(parser.ms), 'parse-median ms': median(parser.ms) }),
    );
    rows.push(...measured, ...ratioOf(measured, 'parse-min', `modelgate, ${name}`, `js-yaml, ${name}`));
  }
  return rows;
}

function parseOurs(text: string): void {
  const { problems } = readYaml(createSource('bench.yaml', text), {
    scalars: coreScalars,
    limits: { ...defaultLimits, fileBytes: 10_000_000 },
  });
  if (problems[0] !== undefined) throw new Error(problems[0].message);
}

function timeOf(parse: () => void): number {
  const began = performance.now();
  let times = 0;
  do {
    parse();
    times += 1;
  } while (performance.now() - began < leastMs);
  return (performance.now() - began) / times;
}
