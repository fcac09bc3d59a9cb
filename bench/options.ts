import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Options {
  readonly help: boolean;
  /** Names of benches; none: all. */
  readonly only: readonly string[];
  readonly sizes: 'full' | 'quick';
  /** Where the rows go as a JSON array; undefined: nowhere. */
  readonly json: string | undefined;
}

export const help = `Usage: npm run bench -- [options]

  --only NAME    one bench; may be given several times: intake, verdict, check, pages, models, yaml
  --quick        smaller sizes: whether it works, and the order of magnitude
  --json FILE    the figures as an array of { bench, variant, metric, value, unit }

With BENCH_PROFILE=DIRECTORY every measured process writes a CPU profile there; the figures are then worth nothing.
`;

/** Reads the arguments. @throws Error when there is no such option or bench. */
export function readOptions(argv: readonly string[], benches: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', short: 'h' },
      only: { type: 'string', multiple: true },
      quick: { type: 'boolean' },
      json: { type: 'string' },
    },
  });
  const only = values.only ?? [];
  const stranger = only.find((name) => !benches.includes(name));
  if (stranger !== undefined) throw new Error(`there is no bench ${stranger}: ${benches.join(', ')}`);
  return {
    help: values.help === true,
    only,
    sizes: values.quick === true ? 'quick' : 'full',
    json: values.json,
  };
}
