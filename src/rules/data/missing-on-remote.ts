import { shortHash } from '../../formats/dvc/layout.ts';
import type { RuleOn } from '../rule.ts';
import type { CheckedOutput, DataNodes, ObjectsEvidence, RemoteOfOutput } from './model.ts';
import { copyCommand, humanBytes, pushAsNewVersion, pushCommand, remoteName } from './words.ts';

type Remote = Extract<RemoteOfOutput, { kind: 'remote' }>;

interface Said {
  readonly message: string;
  readonly repair: string;
}

/** The data was not pushed, or not all of it: nobody but its author can pull it (specs dvc 4.3, 4.5, 8.1 to 8.5). */
export const missingOnRemote: RuleOn<DataNodes, 'output'> = {
  id: 'data/missing-on-remote',
  summary: 'Tracked data that is not on its remote',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 4.2', 'dvc 4.3', 'dvc 4.5', 'dvc 8.1', 'dvc 8.2', 'dvc 8.3', 'dvc 8.4', 'dvc 8.5'],
  on: 'output',
  *check(node) {
    const { output, remote, source } = node;
    if (remote.kind !== 'remote') return;
    const said = unrecorded(node, remote) ?? missing(node, remote);
    if (said === undefined) return;
    yield {
      at: { source, span: output.spans.hash, pointer: output.pointer },
      subject: output.hash?.text ?? output.cloud?.versionId ?? '',
      ...said,
    };
  },
};

/** On a remote that keeps versions, a pointer without one was not pushed, or its push was not committed. */
function unrecorded(node: CheckedOutput, remote: Remote): Said | undefined {
  if (!remote.versionAware) return undefined;
  const { output, source } = node;
  const files = output.files ?? [];
  const without = files.filter((file) => file.cloud?.versionId === undefined);
  if (output.files === undefined ? output.cloud?.versionId !== undefined : without.length === 0)
    return undefined;
  const which =
    output.files === undefined
      ? `\`${output.path}\` has`
      : `${without.length} of ${files.length} files in \`${output.path}\` have`;
  return {
    message: `Remote \`${remote.name}\` keeps versions, but ${which} no \`version_id\`: the data was not pushed, or the result of the push was not committed.`,
    repair: `${pushCommand(node)}, then git add ${source.path} && git commit`,
  };
}

function missing(node: CheckedOutput, remote: Remote): Said | undefined {
  const { output, objects } = node;
  if (objects === undefined) return undefined;
  const where = remoteName(remote);
  const push = pushCommand(node);
  const { listing } = objects;
  if (listing?.state === 'missing') {
    const message = `The listing of \`${output.path}/\` itself is not in ${where}, so nobody can pull any of it.`;
    return { message: message + hints(node, objects), repair: elsewhereRepair(node, objects) ?? push };
  }
  if (listing?.state === 'broken') {
    const message = `The listing of \`${output.path}/\` in ${where} is damaged: ${listing.reason ?? ''}.`;
    return { message, repair: `delete ${listing.key} in the remote, then ${push}` };
  }
  if (objects.missing === 0) return undefined;
  if (output.isDirectory) return missingMembers(node, remote, objects);
  const size = output.size === undefined ? '' : `${humanBytes(output.size)}, `;
  const name =
    remote.versionAware || output.hash === undefined
      ? `version ${output.cloud?.versionId ?? ''}`
      : `md5 ${shortHash(output.hash.text)}`;
  const message = `\`${output.path}\` (${size}${name}) is not in ${where}.`;
  if (remote.versionAware) return goneVersion(node, message);
  return { message: message + hints(node, objects), repair: elsewhereRepair(node, objects) ?? push };
}

/** With the listing in place `dvc push` believes that all is there; the listing has to go first (specs dvc 4.5). */
function missingMembers(node: CheckedOutput, remote: Remote, objects: ObjectsEvidence): Said {
  const { output } = node;
  const names = objects.firstMissing.map(({ path }) => `\`${path}\``).join(', ');
  const rest = objects.missing > objects.firstMissing.length ? ', …' : '';
  const are = objects.missing === 1 ? 'is' : 'are';
  const message = `\`${output.path}\` lists ${objects.files} files; ${objects.missing} ${are} not in ${remoteName(remote)}: ${names}${rest}.`;
  if (remote.versionAware) return goneVersion(node, message);
  const push = pushCommand(node);
  if (objects.listing === undefined) return { message: message + hints(node, objects), repair: push };
  return {
    message: `${message} \`dvc push\` will claim that it is up to date.${hints(node, objects)}`,
    repair: `delete ${objects.listing.key} in the remote, then ${push}`,
  };
}

function goneVersion(node: CheckedOutput, message: string): Said {
  const alone = `\`dvc push\` alone repairs nothing: while \`${node.source.path}\` names this version, it records no other one.`;
  return { message: `${message} ${alone}`, repair: pushAsNewVersion(node) };
}

function hints({ source, output }: CheckedOutput, { elsewhere }: ObjectsEvidence): string {
  const parts: string[] = [];
  if (elsewhere.otherLayout !== undefined) {
    parts.push(
      output.hash?.layout === 'legacy'
        ? ` The object exists under \`files/md5/\`, but \`${source.path}\` lacks \`hash: md5\`, so DVC searches the old location.`
        : ` The object exists in the layout of DVC 2 (\`${elsewhere.otherLayout}\`), where \`hash: md5\` is not searched.`,
    );
  }
  if (elsewhere.remotes.length > 0) parts.push(` It is in remote \`${elsewhere.remotes.join('`, `')}\`.`);
  return parts.join('');
}

function elsewhereRepair(node: CheckedOutput, { elsewhere }: ObjectsEvidence): string | undefined {
  const { output } = node;
  const [holder] = elsewhere.remotes;
  if (elsewhere.otherLayout === undefined)
    return holder === undefined ? undefined : copyCommand(node, holder);
  return output.hash?.layout === 'legacy'
    ? `add \`hash: md5\` to the entry, or run dvc add ${output.path}`
    : undefined;
}
