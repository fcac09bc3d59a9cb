import type { Breach, RuleOn } from '../rule.ts';
import { within } from './nodes.ts';
import type { PolicyFile, PolicyNodes } from './nodes.ts';

/** The policy cannot be understood. */
export const invalid: RuleOn<PolicyNodes, 'policy-file'> = {
  id: 'policy/invalid',
  summary: 'The policy file is broken, so that the defaults apply instead of it.',
  severity: 'error',
  profile: 'recommended',
  covers: [],
  on: 'policy-file',
  *check(file) {
    for (const problem of file.problems) {
      const breach: Breach = {
        at: within(file, problem),
        message: sentence(`${lead(file)}: ${problem.message}`),
        repair: problem.repair,
        subject: `${file.side} ${problem.message}`,
      };
      // A change that repairs the target's policy must be able to merge.
      yield file.repaired === true ? { ...breach, severity: 'warning' } : breach;
    }
  },
};

function lead(file: PolicyFile): string {
  if (file.side === 'change') return 'This change breaks the policy';
  const then = file.repaired === true ? 'until this change repairs it' : 'until it is repaired there';
  return `The policy on the target branch is broken, and the defaults apply ${then}`;
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
