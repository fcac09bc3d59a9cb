import { RetryableError } from '../../errors.ts';
import type { Change } from '../../domain/change.ts';
import { longestComment } from '../../domain/comment-length.ts';
import type { ReportMemory } from '../../ports/host.ts';
import { Note } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { cutBody } from './cut-body.ts';
import { isAnswer } from './map-answer.ts';
import { readPages } from './pages.ts';

/** Whose comment it is: one per change and instance of the service. */
export interface CommentDeps {
  readonly client: GitlabClient;
  readonly instance: string;
}

const maxPages = 100;

/**
 * Makes our one comment read `body` (specs git-hosts 3.4). Ours is what begins with our marker and has our author: anybody
 * can paste a marker, and a text that we quote may have one. The remembered comment is read first; where it is gone, all
 * are listed, and of several the oldest stays, so that two workers that created at once agree on which.
 */
export async function setComment(
  deps: CommentDeps,
  wanted: {
    readonly change: Change;
    readonly body: string;
    readonly create: boolean;
    readonly memory: ReportMemory;
  },
  signal: AbortSignal,
): Promise<ReportMemory> {
  const { change, memory } = wanted;
  const marker = `<!-- modelgate:comment v1 ${deps.instance} -->`;
  const body = `${marker}\n${cutBody(wanted.body, longestComment - marker.length - 1)}`;
  const found =
    (await readRemembered(deps, { change, marker, memory }, signal)) ??
    (await keepOldest(deps, { change, marker }, signal));
  if (found !== undefined) {
    await edit(deps.client, { change, note: found, body }, signal);
    return { ...memory, commentId: found.id };
  }
  if (!wanted.create) return memory;
  const { notes } = deps.client.with(signal);
  const answer = await notes.create(change.repository.id, change.number, body);
  const created = readAnswer(Note, answer, 'the written note');
  const kept = await keepOldest(deps, { change, marker }, signal);
  return { ...memory, commentId: kept?.id ?? created.id };
}

/** The comment whose id we kept; undefined when there is none, it is gone, or it is not ours. */
async function readRemembered(
  { client }: CommentDeps,
  { change, marker, memory }: { change: Change; marker: string; memory: ReportMemory },
  signal: AbortSignal,
): Promise<Note | undefined> {
  const { commentId } = memory;
  if (commentId === undefined) return undefined;
  try {
    const { notes } = client.with(signal);
    const answer = await notes.show(change.repository.id, change.number, Number(commentId));
    const note = readAnswer(Note, answer, `note ${commentId}`);
    return isOurs(note, await client.me(signal), marker) ? note : undefined;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found')) return undefined;
    throw thrown;
  }
}

/** The marker is the beginning: further down it may be a quotation. */
function isOurs(note: Note, me: number, marker: string): boolean {
  return note.author?.id === me && note.system !== true && note.body.startsWith(marker);
}

/** Our oldest comment; younger ones are deleted. */
async function keepOldest(
  { client }: CommentDeps,
  { change, marker }: { change: Change; marker: string },
  signal: AbortSignal,
): Promise<Note | undefined> {
  const me = await client.me(signal);
  const { notes } = client.with(signal);
  const rows = readPages(Note, 'a note', maxPages, (page) =>
    notes.all(change.repository.id, change.number, { sort: 'asc', orderBy: 'created_at', ...page }),
  );
  const ours: Note[] = [];
  for await (const note of rows) {
    if (isOurs(note, me, marker)) ours.push(note);
  }
  const [oldest, ...younger] = ours.toSorted((a, b) => a.id - b.id);
  for (const note of younger) await remove(client, change, note, signal);
  return oldest;
}

async function edit(
  client: GitlabClient,
  { change, note, body }: { change: Change; note: Note; body: string },
  signal: AbortSignal,
): Promise<void> {
  if (asStored(note.body) === asStored(body)) return;
  try {
    await client.with(signal).notes.edit(change.repository.id, change.number, note.id, { body });
  } catch (thrown) {
    if (!isAnswer(thrown, 'host-not-found')) throw thrown;
    throw new RetryableError('the comment was deleted while it was being edited', { cause: thrown });
  }
}

/** GitLab keeps no carriage returns and no space at the ends: that is no difference. */
function asStored(text: string): string {
  return text.replaceAll('\r\n', '\n').trim();
}

async function remove(client: GitlabClient, change: Change, note: Note, signal: AbortSignal): Promise<void> {
  try {
    await client.with(signal).notes.remove(change.repository.id, change.number, note.id);
  } catch (thrown) {
    // Another worker that met the same two was faster.
    if (!isAnswer(thrown, 'host-not-found')) throw thrown;
  }
}
