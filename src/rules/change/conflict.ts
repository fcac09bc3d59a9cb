import type { RuleOn } from '../rule.ts';
import type { ChangeNodes } from './nodes.ts';

/** Both sides changed the same place. */
export const conflict: RuleOn<ChangeNodes, 'conflict'> = {
  id: 'change/conflict',
  summary: 'The change cannot be merged: the target changed the same place.',
  severity: 'error',
  profile: 'recommended',
  covers: [],
  on: 'conflict',
  *check({ path, message, targetBranch }) {
    yield {
      at: { source: { path }, span: undefined, pointer: '' },
      message: `The change and ${targetBranch} do not merge: ${oneLine(message)}`,
      repair: `git fetch origin && git merge ${shellWord(`origin/${targetBranch}`)}`,
    };
  },
};

/** git's message without the line breaks that would tear a sentence apart. */
function oneLine(message: string): string {
  const text = message.trim().replaceAll(/\s*\n\s*/g, '; ');
  return text === '' ? 'git reports a conflict.' : text.slice(0, 500);
}

/** Branch names may hold what a shell would obey. */
function shellWord(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
