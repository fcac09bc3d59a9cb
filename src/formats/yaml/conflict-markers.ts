import { createProblems } from '../problems.ts';
import type { Problem } from '../source.ts';

/**
 * Merge conflicts left in a text, one problem (code `conflict-marker`) each. A conflict begins with a line of
 * seven `<`; a lone `=======` is no conflict, it may underline a heading in a block of text (specs dvc 1.1).
 */
export function findConflicts(text: string): readonly Problem[] {
  if (!text.includes('<<<<<<<')) return [];
  const problems = createProblems();
  const opening = /^<{7}(?=[ \r\n]|$)[^\r\n]*/gm;
  const closing = /^>{7}(?=[ \r\n]|$)[^\r\n]*/gm;
  for (let open = opening.exec(text); open !== null; open = opening.exec(text)) {
    closing.lastIndex = opening.lastIndex;
    const close = closing.exec(text);
    const end = close === null ? opening.lastIndex : closing.lastIndex;
    problems.push({
      code: 'conflict-marker',
      message:
        'a merge conflict was committed: the lines from "<<<<<<<" to ">>>>>>>" are two versions of the same text',
      span: { start: open.index, end },
      pointer: '',
      repair: 'keep one version and remove the lines that start with <<<<<<<, ======= and >>>>>>>',
    });
    if (close === null) break;
    opening.lastIndex = end;
  }
  return problems.list();
}
