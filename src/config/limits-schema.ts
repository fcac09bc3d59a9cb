import { z } from 'zod';
import { formatDuration } from '../domain/duration.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import type { Fields } from './fields.ts';
import { milliseconds, size, wholeNumber, type Kind } from './kinds.ts';
import { formatSize } from './size.ts';

interface LimitSetting {
  readonly kind: Kind<number>;
  readonly about: string;
}

const count = wholeNumber(1, 1_000_000_000);

/** One entry for each limit; the compiler notices a limit that has none. */
const settings: Readonly<Record<keyof Limits, LimitSetting>> = {
  fileBytes: { kind: size, about: 'Largest metafile, pipeline or policy that is parsed.' },
  parseBytes: {
    kind: size,
    about: 'All metafiles, or all pipelines, that one check parses, those of the target included.',
  },
  yamlDepth: { kind: wholeNumber(1, 1000), about: 'Nesting of one YAML document.' },
  yamlNodes: {
    kind: count,
    about: 'Nodes of one YAML file, each alias counted with all that it stands for.',
  },
  yamlAliases: { kind: count, about: 'Aliases in one YAML file.' },
  files: { kind: count, about: 'Files of one kind that a check reads.' },
  listingBytes: { kind: size, about: 'Largest listing of a tracked directory (`.dir` object).' },
  objects: { kind: count, about: 'Objects that one check asks for.' },
  findings: { kind: count, about: 'Findings that one check keeps; the others are counted.' },
  evaluationMs: { kind: milliseconds, about: 'Time for one evaluation.' },
};

/** The limits on hostile input. Beyond one of them a check is undecided and names the setting. */
export function limitsSchema(f: Fields) {
  const one = (name: keyof Limits) => {
    const { kind, about } = settings[name];
    return f.withDefault(kind, written(kind, defaultLimits[name]), { about });
  };
  return z.strictObject({
    fileBytes: one('fileBytes'),
    parseBytes: one('parseBytes'),
    yamlDepth: one('yamlDepth'),
    yamlNodes: one('yamlNodes'),
    yamlAliases: one('yamlAliases'),
    files: one('files'),
    listingBytes: one('listingBytes'),
    objects: one('objects'),
    findings: one('findings'),
    evaluationMs: one('evaluationMs'),
  } satisfies Record<keyof Limits, unknown>);
}

function written(kind: Kind<number>, value: number): string | number {
  if (kind === size) return formatSize(value);
  return kind === milliseconds ? formatDuration(value) : value;
}
