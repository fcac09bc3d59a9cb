import type { RuleOn } from '../rule.ts';
import type { CheckedOutput, DataNodes } from './model.ts';
import { pushAsNewVersion, remoteName } from './words.ts';

/** The store gave `null` as version: the bucket keeps none, so the pointer's content can change (specs dvc 4.2, 8.6). */
export const unversionedBucket: RuleOn<DataNodes, 'output'> = {
  id: 'data/unversioned-bucket',
  summary: 'A pointer to a version in a bucket that keeps no versions',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 4.2', 'dvc 8.6'],
  on: 'output',
  *check(node) {
    const { output, remote, source } = node;
    if (remote.kind !== 'remote' || !remote.versionAware || !hasNullVersion(node)) return;
    yield {
      at: { source, span: output.spans.cloud, pointer: `${output.pointer}/cloud` },
      message: `\`${output.path}\` has the version \`null\`: the bucket of remote \`${remote.name}\` keeps no versions, so this pointer changes its content silently.`,
      repair: `switch on versioning for the bucket of ${remoteName(remote)}, then ${pushAsNewVersion(node)}`,
    };
  },
};

function hasNullVersion({ output }: CheckedOutput): boolean {
  return (
    output.cloud?.versionId === 'null' ||
    output.files?.some((file) => file.cloud?.versionId === 'null') === true
  );
}
