import { longestComment } from '../domain/comment-length.ts';

const notice = '\n\n*This comment was cut: the rest is on the details page.*\n';
const fence = /^ {0,3}(`{3,}|~{3,})/;
/** Room for closing a code block. Ours have three backticks; one with a longer mark is left out from its beginning. */
const longestMark = 16;

/**
 * The body, cut after its last whole line that fits, with a notice. A code block that was cut open is closed: GitLab runs
 * the quick actions in a block that never ends.
 */
export function cutBody(body: string, longest: number = longestComment): string {
  if (body.length <= longest) return body;
  const room = body.slice(0, longest - notice.length - longestMark - 1);
  const end = room.lastIndexOf('\n');
  const kept = end > 0 ? room.slice(0, end) : room.replace(/[\uD800-\uDBFF]$/, '');
  const open = findOpenFence(kept);
  if (open === undefined) return kept + notice;
  if (open.mark.length > longestMark) return kept.slice(0, open.start) + notice;
  return `${kept}\n${open.mark}${notice}`;
}

/** The mark of the code block that is open at the end, and where its line begins. */
function findOpenFence(text: string): { readonly mark: string; readonly start: number } | undefined {
  let open: { mark: string; start: number } | undefined;
  let start = 0;
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1];
    if (mark !== undefined && open === undefined) open = { mark, start };
    else if (open !== undefined && mark?.startsWith(open.mark) && line.trim() === mark) open = undefined;
    start += line.length + 1;
  }
  return open;
}
