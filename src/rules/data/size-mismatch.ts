import type { Breach, RuleOn } from '../rule.ts';
import type { CheckedOutput, DataNodes } from './model.ts';
import { pushAsNewVersion, pushCommand, recordCommands } from './words.ts';

/** What lies on the remote is not what the metafile describes (specs dvc 4.3, 5, 8.7). */
export const sizeMismatch: RuleOn<DataNodes, 'output'> = {
  id: 'data/size-mismatch',
  summary: 'Objects on the remote whose size or number is not the recorded one',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 4.3', 'dvc 5', 'dvc 8.7'],
  on: 'output',
  *check(node) {
    const breach = wrongNumber(node) ?? wrongSize(node);
    if (breach !== undefined) yield breach;
  },
};

/** A listing is proved by its md5, so a number that differs from it was edited by hand. */
function wrongNumber(node: CheckedOutput): Breach | undefined {
  const { output, objects } = node;
  if (objects?.listing?.state !== 'present') return undefined;
  if (output.nfiles === undefined || output.nfiles === objects.files) return undefined;
  return {
    at: { source: node.source, span: output.spans.nfiles, pointer: `${output.pointer}/nfiles` },
    message: `\`${output.path}\` is recorded with ${output.nfiles} files, but its listing has ${objects.files}.`,
    compared: [{ what: 'number of files', expected: String(output.nfiles), actual: String(objects.files) }],
    subject: output.hash?.text ?? '',
    repair: `nfiles: ${objects.files}, or let DVC write the entry anew: dvc add ${output.path}`,
  };
}

/** Sizes of legacy entries may be those of the other line ends, so they prove nothing (specs dvc 4.3). */
function wrongSize(node: CheckedOutput): Breach | undefined {
  const { output, objects, remote, source } = node;
  const bytes = objects?.bytes;
  if (bytes === undefined || output.size === undefined || output.size === bytes) return undefined;
  // Files without a hash or a version were not asked for, so that the sum is not that of the directory.
  if (output.files !== undefined && output.files.length !== objects?.files) return undefined;
  const where = remote.kind === 'remote' ? `remote \`${remote.name}\`` : 'the remote';
  const legacy = output.hash?.layout === 'legacy';
  const cause = legacy
    ? ' The entry has no `hash: md5`; its size may be that of the file with other line ends.'
    : '';
  return {
    at: { source, span: output.spans.size, pointer: `${output.pointer}/size` },
    message: `\`${output.path}\` is recorded with ${output.size} bytes, ${where} has ${bytes}.${cause}`,
    compared: [{ what: 'bytes', expected: String(output.size), actual: String(bytes) }],
    subject: output.hash?.text ?? output.cloud?.versionId ?? '',
    repair: legacy ? `dvc add ${output.path}` : repairOf(node),
    ...(legacy ? { severity: 'warning' as const } : {}),
  };
}

/**
 * The metafile or the remote is wrong, and only who has the data can tell which: what deletes nothing comes first.
 * Without `-f` `dvc commit` leaves a wrong size as it is (seen with DVC 3.67).
 */
function repairOf(node: CheckedOutput): string {
  const { output, remote, source } = node;
  if (remote.kind === 'remote' && remote.versionAware) return pushAsNewVersion(node);
  const { status, commit } = recordCommands(node);
  const objects = output.isDirectory ? 'the objects whose size is wrong, and the listing,' : 'the object';
  return [
    `1. where the right data is, so that \`${status}\` says it is up to date:`,
    `   ${commit}`,
    `   if that changes ${source.path}, its size was wrong: commit it`,
    `2. only if it changes nothing, the remote is wrong: delete ${objects} there, then`,
    `   ${pushCommand(node)}`,
  ].join('\n');
}
