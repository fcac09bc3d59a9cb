import { callHooks } from '../hooks/send.ts';
import { notePayload } from '../payloads/note.ts';
import { invalidRecord } from '../refusal.ts';
import type { MergeRequest, Note } from '../state.ts';
import type { Act, World } from '../world.ts';
import { extractQuickActions } from './quick-actions.ts';

const maxLength = 1_000_000;

/** What became of a comment: kept, or nothing but commands. */
export type Written =
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'commands-only'; readonly commands: readonly string[] };

/** Writes a comment, runs its quick actions (recorded, without further effect), tells the hooks. */
export async function createNote(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  body: string,
): Promise<Written> {
  requireBody(body);
  const { actions, rest } = extractQuickActions(body);
  const id = rest === '' ? undefined : world.nextId();
  for (const action of actions) world.quickActions.push({ ...action, user: act.user.username, noteId: id });
  if (id === undefined) return { kind: 'commands-only', commands: actions.map((action) => action.command) };
  const now = world.now();
  const note: Note = {
    id,
    author: act.user,
    system: false,
    createdAt: now,
    updatedAt: now,
    awards: [],
    body: rest,
  };
  mergeRequest.notes.push(note);
  await tellHooks(world, act, mergeRequest, note, 'create');
  return { kind: 'note', note };
}

/** Edits a comment; an edit runs quick actions too, and fires the hook as `update`. */
export async function updateNote(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  edit: { readonly note: Note; readonly body: string },
): Promise<void> {
  requireBody(edit.body);
  const { actions, rest } = extractQuickActions(edit.body);
  for (const action of actions)
    world.quickActions.push({ ...action, user: act.user.username, noteId: edit.note.id });
  edit.note.body = rest;
  edit.note.updatedAt = world.now();
  await tellHooks(world, act, mergeRequest, edit.note, 'update');
}

function requireBody(body: string): void {
  if (body.trim() === '') throw invalidRecord({ note: ["can't be blank"] });
  if (body.length > maxLength) throw invalidRecord({ note: ['is too long (maximum is 1000000 characters)'] });
}

async function tellHooks(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  note: Note,
  action: 'create' | 'update',
): Promise<void> {
  const payload = (): ReturnType<typeof notePayload> =>
    notePayload(world, mergeRequest, note, { user: act.user, action });
  await callHooks(world, mergeRequest.project, {
    event: 'note',
    trigger: 'Note Hook',
    payload,
    chain: act.chain,
  });
}
