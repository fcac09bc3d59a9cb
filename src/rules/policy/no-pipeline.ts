import type { RuleOn } from '../rule.ts';
import { within } from './nodes.ts';
import type { PolicyNodes } from './nodes.ts';

/** A pipeline that is moved away from what the policy names is not checked any more, and nothing else would say so. */
export const noPipeline: RuleOn<PolicyNodes, 'policy-file'> = {
  id: 'policy/no-pipeline',
  summary: 'The policy names pipelines that are not there, so that they are not checked.',
  severity: 'note',
  profile: 'recommended',
  covers: [],
  on: 'policy-file',
  *check(file) {
    // Of two sides the change's is the one that counts when it is merged.
    if (file.edited === true) return;
    for (const one of file.unmatched ?? []) {
      yield {
        at: within(file, one),
        message: one.all
          ? 'No file is one of the `pipelines` of the policy: no pipeline is checked.'
          : `There is no file \`${one.glob}\`: this pipeline is not checked.`,
        repair: 'let `pipelines` name the files as they are now, or take out what is gone',
        subject: one.all ? '' : one.glob,
      };
    }
  },
};
