import type { Change } from '../domain/change.ts';
import { longestComment } from '../domain/comment-length.ts';
import type { Comments, PostedComment, ReportMemory } from '../ports/host.ts';
import { cutBody } from '../report/cut-body.ts';

/** Whose comment it is: one per change and instance of the service. */
export interface StickyComment {
  readonly comments: Comments;
  readonly instance: string;
}

/** What the comment is to be. `create`: make it where there is none; otherwise it is only edited. */
export interface WantedComment {
  readonly change: Change;
  readonly body: string;
  readonly create: boolean;
  readonly memory: ReportMemory;
}

/**
 * Makes our one comment read `body` (specs git-hosts 3.4). Ours is what begins with our marker and has our author: anybody
 * can paste a marker, and a text that we quote may have one. The remembered comment is read first; where it is gone, all
 * are listed, and of several the oldest stays, so that two workers that created at once agree on which.
 */
export async function setComment(
  { comments, instance }: StickyComment,
  wanted: WantedComment,
  signal: AbortSignal,
): Promise<ReportMemory> {
  const { change, memory } = wanted;
  const marker = `<!-- modelgate:comment v1 ${instance} -->`;
  const text = `${marker}\n${cutBody(wanted.body, longestComment - marker.length - 1)}`;
  const mine = { change, marker };
  const found =
    (await readRemembered(comments, { ...mine, memory }, signal)) ??
    (await keepOldest(comments, mine, signal));
  if (found !== undefined) {
    if (asStored(found.text) !== asStored(text)) await comments.edit(change, found.id, text, signal);
    return { ...memory, commentId: found.id };
  }
  if (!wanted.create) return memory;
  const created = await comments.create(change, text, signal);
  const kept = await keepOldest(comments, mine, signal);
  return { ...memory, commentId: kept?.id ?? created.id };
}

/** The comment whose id we kept; undefined when there is none, it is gone, or it is not ours. */
async function readRemembered(
  comments: Comments,
  { change, marker, memory }: { change: Change; marker: string; memory: ReportMemory },
  signal: AbortSignal,
): Promise<PostedComment | undefined> {
  const { commentId } = memory;
  if (commentId === undefined) return undefined;
  const comment = await comments.read(change, Number(commentId), signal);
  return comment !== undefined && isMine(comment, marker) ? comment : undefined;
}

/** The marker is the beginning: further down it may be a quotation. */
function isMine(comment: PostedComment, marker: string): boolean {
  return comment.ours && comment.text.startsWith(marker);
}

/** Our oldest comment; younger ones are deleted. */
async function keepOldest(
  comments: Comments,
  { change, marker }: { change: Change; marker: string },
  signal: AbortSignal,
): Promise<PostedComment | undefined> {
  const mine: PostedComment[] = [];
  for await (const comment of comments.list(change, signal)) {
    if (isMine(comment, marker)) mine.push(comment);
  }
  const [oldest, ...younger] = mine.toSorted((a, b) => a.id - b.id);
  for (const { id } of younger) await comments.remove(change, id, signal);
  return oldest;
}

/** Hosts keep no carriage returns and no space at the ends: that is no difference. */
function asStored(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}
