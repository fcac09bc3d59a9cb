import type { RuleOn } from '../rule.ts';
import type { ChangeNodes, LocalTarget } from './nodes.ts';

/** Both sides changed the same place. */
export const conflict: RuleOn<ChangeNodes, 'conflict'> = {
  id: 'change/conflict',
  summary: 'The change cannot be merged: the target changed the same place.',
  severity: 'error',
  profile: 'recommended',
  covers: [],
  on: 'conflict',
  *check({ path, message, targetBranch, local, unresolved }) {
    const at = { source: { path }, span: undefined, pointer: '' };
    if (unresolved) {
      yield {
        at,
        message: `A merge, rebase or cherry-pick stopped here and is not resolved: ${oneLine(message)} Resolve the file and stage it with \`git add\`.`,
        repair: `git mergetool ${shellWord(path)}`,
      };
      return;
    }
    yield {
      at,
      message: `The change and ${targetBranch} do not merge: ${oneLine(message)}`,
      repair: mergeCommand(local ?? { name: `origin/${targetBranch}`, isFetched: true }),
    };
  },
};

/** A branch of a remote is fetched first; any other target is merged as it is here. */
function mergeCommand({ name, isFetched }: LocalTarget): string {
  const merge = `git merge ${shellWord(name)}`;
  const [remote = ''] = name.split('/');
  return isFetched ? `git fetch ${shellWord(remote)} && ${merge}` : merge;
}

/** git's message without the line breaks that would tear a sentence apart. */
function oneLine(message: string): string {
  const text = message.trim().replaceAll(/\s*\n\s*/g, '; ');
  return text === '' ? 'git reports a conflict.' : text.slice(0, 500);
}

/** Branch names may hold what a shell would obey. */
function shellWord(text: string): string {
  return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
