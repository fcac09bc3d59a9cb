/** A command found in a comment. */
export interface FoundAction {
  readonly command: string;
  readonly argument: string;
}

/** Commands that GitLab runs when a comment has them at the start of a line, outside code, quotes and HTML. */
const commands = [
  'approve unapprove merge close reopen rebase draft ready assign assign_reviewer unassign unassign_reviewer',
  'reassign reassign_reviewer request_review label labels unlabel relabel milestone remove_milestone title done todo',
  'subscribe unsubscribe award react estimate spend spent time lock unlock target_branch submit_review copy_metadata',
  'react shrug tableflip cc due remove_due_date duplicate move promote confidential weight clear_weight epic iteration',
  'ship run_pipeline set_parent',
]
  .join(' ')
  .split(' ');

const known = new Set(commands);

/** Separates a comment's commands from what remains to be shown. */
export function extractQuickActions(text: string): {
  readonly actions: readonly FoundAction[];
  readonly rest: string;
} {
  const lines = text.split(/\r?\n/);
  const actions: FoundAction[] = [];
  const rest: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const end = hiddenUntil(lines, index);
    const found = end === index ? readAction(lines[index] ?? '') : undefined;
    if (found === undefined) rest.push(...lines.slice(index, end + 1));
    else actions.push(found);
    index = end;
  }
  return { actions, rest: rest.join('\n').trim() };
}

function readAction(line: string): FoundAction | undefined {
  const found = /^\/([A-Za-z_]+)(?:\s+(.*?))?\s*$/.exec(line);
  const command = found?.[1]?.toLowerCase();
  return command !== undefined && known.has(command) ? { command, argument: found?.[2] ?? '' } : undefined;
}

/** The last line of the code, quote or HTML comment that begins here; the line itself where none does, or none ends. */
function hiddenUntil(lines: readonly string[], start: number): number {
  const first = lines[start] ?? '';
  const isComment = first.startsWith('<!--');
  if (isComment && first.includes('-->')) return start;
  const fence = isComment ? '-->' : /^(?:```|~~~|>>>)/.exec(first)?.[0];
  if (fence === undefined) return start;
  const end = lines.findIndex(
    (line, index) => index > start && (isComment ? line.includes(fence) : line.startsWith(fence)),
  );
  return end < 0 ? start : end;
}
