import { parseArgs } from 'node:util';
import { UserError } from '../../errors.ts';
import { suggest } from '../../domain/suggest.ts';

/** Values of `--format`, the default first. */
export const formats = [
  'pretty',
  'json',
  'sarif',
  'markdown',
  'gitlab-codequality',
  'junit',
  'github',
] as const;
/** A value of `--format`. */
export type Format = (typeof formats)[number];

/** A report that goes into a file, beside the one that is shown. */
export interface FurtherReport {
  readonly format: Format;
  readonly file: string;
}

/** What the person asked for. */
export interface CheckArguments {
  readonly help: boolean;
  readonly target: string | undefined;
  readonly format: Format;
  /** Where the report goes; undefined: the standard output. */
  readonly output: string | undefined;
  readonly reports: readonly FurtherReport[];
  readonly committed: boolean;
}

const options = {
  help: { type: 'boolean', short: 'h' },
  target: { type: 'string', short: 't' },
  format: { type: 'string', short: 'f' },
  output: { type: 'string', short: 'o' },
  report: { type: 'string', short: 'r', multiple: true },
  committed: { type: 'boolean' },
} as const;

const isOption = (name: string): name is keyof typeof options => Object.hasOwn(options, name);

/** Reads the arguments after `modelgate check`. @throws UserError `usage` with a suggestion. */
export function parseCheckArguments(argv: readonly string[]): CheckArguments {
  const { values, tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') throw positional(token.value);
    if (token.kind !== 'option') continue;
    if (!isOption(token.name)) throw unknownOption(token.rawName);
    checkValue(token.rawName, options[token.name].type, token.value);
  }
  return {
    help: values.help === true,
    target: textOf(values.target),
    format: checkedFormat(textOf(values.format) ?? 'pretty', '--format'),
    output: textOf(values.output),
    reports: [values.report]
      .flat()
      .flatMap((value) => (typeof value === 'string' ? [furtherReport(value)] : [])),
    committed: values.committed === true,
  };
}

/** Without `strict` the parser also gives a missing value as `true`; those are refused before. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function checkValue(name: string, type: 'string' | 'boolean', value: string | undefined): void {
  if (type === 'boolean' && value !== undefined) throw usage(`${name} takes no value.`);
  if (type === 'string' && (value === undefined || value === '')) throw usage(`${name} needs a value.`);
}

function checkedFormat(text: string, option: string): Format {
  const format = formats.find((known) => known === text);
  if (format !== undefined) return format;
  const meant = suggest(text, formats);
  throw usage(
    `${option} takes ${formats.join(', ')}, not ${JSON.stringify(text)}.`,
    meant && `Did you mean ${option} ${meant}?`,
  );
}

/** `junit=reports/junit.xml` */
function furtherReport(text: string): FurtherReport {
  const at = text.indexOf('=');
  const format = checkedFormat(at === -1 ? text : text.slice(0, at), '--report');
  const file = at === -1 ? '' : text.slice(at + 1);
  if (file === '') throw usage(`--report ${format} needs a file.`, `Write --report ${format}=<file>.`);
  return { format, file };
}

function unknownOption(rawName: string): UserError {
  const meant = suggest(rawName.replace(/^-+/, ''), Object.keys(options));
  return usage(`There is no option ${rawName}.`, meant && `Did you mean --${meant}?`);
}

function positional(value: string): UserError {
  return usage(
    `${JSON.stringify(value)} is one argument too many: the working copy around the current directory is checked.`,
    `A branch to merge into is named with --target ${value}.`,
  );
}

function usage(message: string, remedy?: string): UserError {
  return new UserError('usage', message, remedy ?? 'See `modelgate check --help`.');
}
