import type { RuleOn } from '../rule.ts';
import { within } from './nodes.ts';
import type { PolicyNodes } from './nodes.ts';

/** The policy asks for something that this version accepts and does not do. */
export const notChecked: RuleOn<PolicyNodes, 'policy-file'> = {
  id: 'policy/not-checked',
  summary: 'The policy asks for something that this version of modelgate does not check yet.',
  severity: 'note',
  profile: 'recommended',
  covers: [],
  on: 'policy-file',
  *check(file) {
    // Of two sides the change's is the one that somebody is reading.
    if (file.edited === true) return;
    for (const one of file.notChecked ?? []) {
      yield {
        at: within(file, one),
        message: `\`${one.key}\` is understood, but this version of modelgate does not check it: nothing is held to it.`,
      };
    }
  },
};
