import type { Difference, TrackedVersion } from '../domain/difference.ts';
import type { Judgement } from '../domain/verdict.ts';
import { inlineCode } from './markdown.ts';
import { humanBytes, sizeChange } from './sizes.ts';
import { plural, shorten } from './text.ts';

const maxRows = 50;

/** The differences in tracked data as a heading and a table, or nothing. */
export function differencesTable({
  differences,
  omittedDifferences = 0,
}: Pick<Judgement, 'differences' | 'omittedDifferences'>): readonly string[] {
  if (differences.length === 0) return [];
  const rows = differences.slice(0, maxRows).map((difference) => {
    const { before, after } = difference;
    return `| ${inlineCode(shorten(difference.path, 200))} | ${versionText(before)} | ${versionText(after)} | ${changeText(difference)} |`;
  });
  const table = ['| data | before | after | change |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const rest = Math.max(0, differences.length - maxRows) + omittedDifferences;
  return [
    '#### What changes in the data',
    table,
    ...(rest > 0 ? [`And ${plural(rest, 'more output')}.`] : []),
  ];
}

/** `1.20 MB, 3 files`; what the metafile does not record is left out. */
export function versionText(version: TrackedVersion | undefined): string {
  if (version === undefined) return '–';
  const parts = [];
  if (version.size !== undefined) parts.push(humanBytes(version.size));
  if (version.files !== undefined) parts.push(plural(version.files, 'file'));
  return parts.length === 0 ? 'size not recorded' : parts.join(', ');
}

/** `added`, `removed`, or how size and number of files changed. */
export function changeText({ change, before, after }: Difference): string {
  if (change !== 'modified') return change;
  const parts = [];
  if (before?.size !== undefined && after?.size !== undefined)
    parts.push(sizeChange(before.size, after.size));
  if (before?.files !== undefined && after?.files !== undefined && before.files !== after.files) {
    const delta = after.files - before.files;
    parts.push(`${delta > 0 ? '+' : '−'}${plural(Math.abs(delta), 'file')}`);
  }
  return parts.length === 0 ? 'modified' : parts.join(', ');
}
