import type { RuleOn } from '../rule.ts';
import type { CheckedOutput, DataNodes } from './model.ts';

/** The output must be on a remote, and the configuration names none (specs dvc 4.3, 8.15). */
export const remoteUndefined: RuleOn<DataNodes, 'output'> = {
  id: 'data/remote-undefined',
  summary: 'An output without a remote to keep it',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 4.3', 'dvc 8.15'],
  on: 'output',
  *check(node) {
    const said = explain(node);
    if (said === undefined) return;
    const { output, source } = node;
    yield {
      at: { source, span: output.spans.path, pointer: output.pointer },
      subject: node.remote.kind,
      ...said,
    };
  },
};

function explain(node: CheckedOutput): { readonly message: string; readonly repair: string } | undefined {
  const { path } = node.output;
  const { remote } = node;
  switch (remote.kind) {
    case 'none':
      return {
        message: `\`${path}\` needs a remote, but .dvc/config names no default one (was it added with --local or --global?).`,
        repair: 'dvc remote default <name>, then commit .dvc/config',
      };
    case 'unknown':
      return {
        message: `\`${path}\` needs the remote \`${remote.name}\`, which .dvc/config does not define.`,
        repair: `dvc remote add ${remote.name} <url>, then commit .dvc/config`,
      };
    case 'cycle':
      return {
        message: `\`${path}\` needs a remote whose url leads back to itself: ${remote.names.join(' → ')}.`,
        repair: `dvc remote modify ${remote.names[0] ?? ''} url <url>, then commit .dvc/config`,
      };
    default:
      return undefined;
  }
}
