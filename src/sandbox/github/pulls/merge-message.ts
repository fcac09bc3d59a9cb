import type { Pull } from '../state-pulls.ts';
import { fullName } from '../world.ts';

/** The message of a merge commit; the queue uses it too. */
export function mergeMessage(pull: Pull): string {
  const from = fullName(pull.headRepository ?? pull.repository).split('/')[0];
  return `Merge pull request #${pull.number} from ${from}/${pull.headRef}\n\n${pull.title}\n`;
}
