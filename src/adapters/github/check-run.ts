import type { Clock } from '../../ports/clock.ts';
import { CheckRun, CheckRuns } from './answers.ts';
import { isContinued } from './check-annotations.ts';
import { readAnswer } from './client.ts';
import type { InRepository } from './in-repository.ts';
import type { StatusPlace } from './status-place.ts';
import { actions, type CheckWords } from './status-words.ts';

/** What showing a check needs. */
export interface CheckRunDeps {
  readonly repositories: InRepository;
  readonly clock: Clock;
  readonly appId: number;
}

/** Annotations that one request takes (specs git-hosts 3.1). */
const batch = 50;

/**
 * Makes the newest check of the name on the commit say the words. Each evaluation has a check of its own, told by its
 * external id; one that has ended does not run again: GitHub evaluates the newest, so a new one takes its place. The
 * annotations that are there already are counted, and only the others are sent: requests append. Where they are others
 * than are wanted now, a new check takes its place too.
 */
export async function ensureCheckRun(
  deps: CheckRunDeps,
  {
    place,
    words,
    latest,
  }: { readonly place: StatusPlace; readonly words: CheckWords; readonly latest: CheckRun | undefined },
  signal: AbortSignal,
): Promise<number> {
  if (latest === undefined) return create(deps, place, words, signal);
  if (canBecome(latest, words)) {
    if (says(latest, words)) return latest.id;
    if (await isContinued(deps.repositories, { place, run: latest, words }, signal)) {
      await finish(deps, place, latest, words, signal);
      return latest.id;
    }
  }
  // Left alone, it would run for ever below the new one.
  if (latest.status !== 'completed') await finish(deps, place, latest, superseded(latest, words), signal);
  return create(deps, place, words, signal);
}

/** The newest check of the name and our App on the commit. @throws UserError `host-refused` when there is no such commit. */
export async function findLatest(
  { repositories, appId }: CheckRunDeps,
  place: StatusPlace,
  signal: AbortSignal,
): Promise<CheckRun | undefined> {
  const parameters = { ref: place.sha, check_name: place.name, app_id: appId, filter: 'latest' };
  const wanted = {
    repositoryId: place.repositoryId,
    route: 'GET /commits/{ref}/check-runs',
    parameters,
    purpose: 'write',
  } as const;
  const answer = await repositories.send(wanted, signal);
  const { check_runs: runs } = readAnswer(CheckRuns, answer.data, 'the checks of the commit');
  return runs.toSorted((a, b) => b.id - a.id)[0];
}

/** An ended check stays ended; one of another evaluation may be taken over while it has said nothing about lines. */
function canBecome(latest: CheckRun, words: CheckWords): boolean {
  const ended = latest.status === 'completed';
  const ours = words.externalId === '' || (latest.external_id ?? '') === words.externalId;
  if (ended) return ours && words.conclusion !== undefined;
  return ours || latest.output.annotations_count === 0;
}

function says(latest: CheckRun, words: CheckWords): boolean {
  const { output, conclusion, status } = latest;
  const same =
    (status === 'completed' ? conclusion : undefined) === (words.conclusion ?? undefined) &&
    output.title === words.title &&
    output.summary?.trim() === words.summary.trim() &&
    (words.url === '' || latest.details_url === words.url) &&
    (words.externalId === '' || latest.external_id === words.externalId);
  return same && output.annotations_count >= words.annotations.length;
}

function superseded(latest: CheckRun, words: CheckWords): CheckWords {
  const summary = 'A newer evaluation of the same head took its place.';
  const { external_id: externalId } = latest;
  return {
    ...words,
    conclusion: 'cancelled',
    title: summary,
    summary,
    externalId: externalId ?? '',
    annotations: [],
  };
}

async function create(
  deps: CheckRunDeps,
  place: StatusPlace,
  words: CheckWords,
  signal: AbortSignal,
): Promise<number> {
  const first = words.annotations.slice(0, batch);
  const isWhole = first.length === words.annotations.length;
  const parameters = {
    name: place.name,
    head_sha: place.sha,
    started_at: now(deps),
    ...fields(words, first),
    ...(isWhole ? ending(place, words, deps) : { status: 'in_progress' }),
  };
  const answer = await send(deps, place, { route: 'POST /check-runs', parameters }, signal);
  const made = readAnswer(CheckRun, answer.data, 'the new check');
  // What was sent counts, whatever the answer says of it so far.
  const output = { ...made.output, annotations_count: first.length };
  if (!isWhole) await finish(deps, place, { ...made, output }, words, signal);
  return made.id;
}

/** Sends the annotations that are not there yet, and the verdict with the last of them. */
async function finish(
  deps: CheckRunDeps,
  place: StatusPlace,
  run: CheckRun,
  words: CheckWords,
  signal: AbortSignal,
): Promise<void> {
  const route = 'PATCH /check-runs/{check_run_id}';
  let left = words.annotations.slice(run.output.annotations_count);
  while (left.length > batch) {
    const parameters = { check_run_id: run.id, ...fields(words, left.slice(0, batch)) };
    await send(deps, place, { route, parameters }, signal);
    left = left.slice(batch);
  }
  const parameters = { check_run_id: run.id, ...fields(words, left), ...ending(place, words, deps) };
  await send(deps, place, { route, parameters }, signal);
}

function fields(words: CheckWords, annotations: CheckWords['annotations']): object {
  const { title, summary, url, externalId } = words;
  return {
    ...(url !== '' && { details_url: url }),
    ...(externalId !== '' && { external_id: externalId }),
    output: { title, summary, ...(annotations.length > 0 && { annotations }) },
  };
}

function ending({ buttons }: StatusPlace, { conclusion }: CheckWords, deps: CheckRunDeps): object {
  if (conclusion === undefined) return { status: 'in_progress' };
  return { status: 'completed', conclusion, completed_at: now(deps), ...(buttons && { actions }) };
}

function now({ clock }: CheckRunDeps): string {
  return clock.now().toISOString();
}

function send(
  { repositories }: CheckRunDeps,
  place: StatusPlace,
  { route, parameters }: { readonly route: string; readonly parameters: object },
  signal: AbortSignal,
) {
  const wanted = {
    repositoryId: place.repositoryId,
    route,
    parameters: { ...parameters },
    purpose: 'write',
  } as const;
  return repositories.send(wanted, signal);
}
