/** One instruction, its continued lines joined. */
export interface Instruction {
  readonly keyword: string;
  readonly text: string;
  /** `--from=build` as `{ from: 'build' }`. */
  readonly flags: Readonly<Record<string, string>>;
}

/** What stands between one FROM and the next. */
export interface Stage {
  readonly base: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

const known = [
  'WORKDIR',
  'COPY',
  'RUN',
  'LABEL',
  'ENV',
  'USER',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'ENTRYPOINT',
  'CMD',
];

/** Reads the part of the Dockerfile's language that ours uses; anything else is an error. */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: { base: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of logicalLines(text)) {
    const [, keyword = '', rest = ''] = /^([A-Z]+) (.+)$/s.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [, base = '', name] = /^(\S+)(?: AS (\w+))?$/.exec(rest) ?? fail(line);
      stages.push({ base, name, instructions: [] });
    } else {
      if (!known.includes(keyword)) fail(line);
      (stages.at(-1) ?? fail(line)).instructions.push({ keyword, ...withFlags(rest) });
    }
  }
  return stages;
}

function logicalLines(text: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  return lines
    .join('\n')
    .replace(/ *\\\n */g, ' ')
    .split('\n')
    .filter((line) => line !== '');
}

function withFlags(rest: string): Omit<Instruction, 'keyword'> {
  const [all] = /^(?:--[a-z-]+=\S+ )*/.exec(rest) ?? [''];
  const flags = [...all.matchAll(/--([a-z-]+)=(\S+) /g)].map(([, name = '', value = '']) => [name, value]);
  return { text: rest.slice(all.length).trim(), flags: Object.fromEntries(flags) };
}

/** `A=b C="d e"` */
export function readPairs(text: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  const rest = text.replace(/([\w.]+)=(?:"([^"]*)"|(\S+))\s*/g, (_all, name: string, quoted, bare) => {
    pairs[name] = quoted ?? bare;
    return '';
  });
  if (rest !== '') fail(text);
  return pairs;
}

/** The last one of a kind in a stage, which is the one that counts. */
export function lastOf(stage: Stage, keyword: string): Instruction {
  return stage.instructions.findLast((one) => one.keyword === keyword) ?? fail(`no ${keyword}`);
}

function fail(line: string): never {
  throw new Error(`the Dockerfile has what this reader does not know: ${line}`);
}
