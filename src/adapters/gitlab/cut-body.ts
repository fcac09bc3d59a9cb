/** Characters of a comment: well below what hosts take (specs git-hosts 3.4). */
export const longestBody = 60_000;

const notice = '\n\n*This comment was cut: the rest is on the details page.*\n';
const fence = /^ {0,3}(`{3,}|~{3,})/;

/** The body, cut after its last whole line that fits, with a notice; a code block that was cut open is closed. */
export function cutBody(body: string, longest: number = longestBody): string {
  if (body.length <= longest) return body;
  const room = body.slice(0, longest - notice.length - 20);
  const end = room.lastIndexOf('\n');
  const kept = end > 0 ? room.slice(0, end) : room.replace(/[\uD800-\uDBFF]$/, '');
  const open = findOpenFence(kept);
  return kept + (open === undefined ? '' : `\n${open}`) + notice;
}

function findOpenFence(text: string): string | undefined {
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1];
    if (mark === undefined) continue;
    if (open === undefined) open = mark;
    else if (mark.startsWith(open) && line.trim() === mark) open = undefined;
  }
  return open?.slice(0, 16);
}
