import type { RuleOn } from '../rule.ts';
import type { DataNodes } from './model.ts';

/** The server obeys only remotes that its own configuration binds to the repository; others are never asked. */
export const remoteNotBound: RuleOn<DataNodes, 'remote'> = {
  id: 'data/remote-not-bound',
  summary: 'A data remote that this server may not reach for this repository',
  severity: 'error',
  profile: 'recommended',
  covers: ['dvc 0.10'],
  on: 'remote',
  *check(remote) {
    const outputs = remote.outputs === 1 ? 'One output needs' : `${remote.outputs} outputs need`;
    yield {
      at: { source: remote.at.source, span: remote.at.span, pointer: `remote/${remote.name}/url` },
      message: `${outputs} a remote that this server may not read: ${remote.message}.`,
      subject: remote.url,
      repair: remote.remedy,
    };
  },
};
