import { durationText } from '../../domain/duration.ts';
import { lineKey, type Release, type ReleaseLine } from '../../domain/release.ts';
import type { TrainingTask } from '../../domain/training.ts';
import { adviceOf } from '../../report/release/advice.ts';
import { isTrained, releaseLine } from '../../report/release/line.ts';
import { metricRows } from '../../report/release/metrics.ts';
import { phasesOf } from '../../report/release/phases.ts';
import { triggerWords } from '../../report/release/trigger-words.ts';
import { humanBytes } from '../../report/sizes.ts';
import { oneLine, printable, timeText } from '../../report/text.ts';
import { table } from '../table.ts';

/** Everything about one release, what came of it first. */
export function showText(
  release: Release,
  line: ReleaseLine | undefined,
  runUrl: string | undefined,
): string {
  const before = line?.released?.releaseId === release.id ? undefined : line?.released?.metrics;
  const parts = [
    [releaseLine(release, 'names', line), ...adviceOf(release, line).map((text) => `  ${oneLine(text)}`)],
    facts(release, runUrl),
    phases(release),
    tasks(release),
    ...(release.training?.tasks ?? []).map(logTail),
    metrics(release, before),
    published(release),
    release.timeline.map(({ at, text }) => `${timeText(at)}  ${oneLine(text)}`),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function facts(release: Release, runUrl: string | undefined): readonly string[] {
  const { id, commit, branch, attempt, line, repository, began, trigger, training, rollout, hold } = release;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['release', id],
    ['commit', `${commit} of ${branch}, attempt ${attempt}`],
    ['line', `${lineKey(line)} (${repository.path})`],
    ['began', timeText(began)],
    ['because', trigger === undefined ? undefined : triggerWords[trigger]],
    ['held', hold === undefined ? undefined : `by ${hold.actor} since ${timeText(hold.at)}`],
    ['run', isTrained(training) ? (training.serverRunId ?? training.runId) : undefined],
    ['in Kubeflow', runUrl],
    ['service', rollout?.service],
    ['revision', rollout?.revision],
    ['answers at', rollout?.url],
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${`${name}:`.padEnd(13)}${oneLine(value)}`],
  );
}

function phases(release: Release): readonly string[] {
  const rows = phasesOf(release).map(({ title, state, since, until }) => [
    title,
    state === 'to-come' ? 'to come' : state,
    since === undefined ? '' : timeText(since),
    since === undefined || until === undefined ? '' : durationText(Date.parse(until) - Date.parse(since)),
  ]);
  return table(['PHASE', 'STATE', 'SINCE', 'TOOK'], rows);
}

function tasks({ training }: Release): readonly string[] {
  if (training === undefined || training.tasks.length === 0) return [];
  const rows = training.tasks.map(({ name, state, started, finished }) => [
    oneLine(name),
    state,
    started === undefined || finished === undefined
      ? ''
      : durationText(Date.parse(finished) - Date.parse(started)),
  ]);
  return table(['TASK', 'STATE', 'TOOK'], rows);
}

function logTail({ name, logTail: lines }: TrainingTask): readonly string[] {
  return lines.length === 0
    ? []
    : [`Last lines of ${oneLine(name)}:`, ...lines.map((text) => `  ${printable(text)}`)];
}

function metrics(release: Release, before: Readonly<Record<string, number>> | undefined): readonly string[] {
  const rows = metricRows(release, before).map(({ metric, value, limits, kept }) => [
    oneLine(metric),
    value,
    limits,
    kept === undefined ? '' : kept ? 'kept' : 'NOT KEPT',
  ]);
  return rows.length === 0 ? [] : table(['METRIC', 'VALUE', 'LIMIT', ''], rows);
}

function published({ published: model }: Release): readonly string[] {
  if (model === undefined) return [];
  return [
    `Published at ${oneLine(model.uri)}`,
    ...model.files.map(
      ({ path, size, sha256 }) => `  ${oneLine(path)}  ${humanBytes(size)}  sha256 ${sha256}`,
    ),
  ];
}
