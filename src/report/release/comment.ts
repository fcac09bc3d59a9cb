import { durationText } from '../../domain/duration.ts';
import type { Release, ReleaseLine } from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import type { TrainingTask } from '../../domain/training.ts';
import { cutBody } from '../cut-body.ts';
import { safeUrl } from '../html.ts';
import { escapeText, fenced, inlineCode, link, sentence } from '../markdown.ts';
import { plural, shorten } from '../text.ts';
import { adviceOf } from './advice.ts';
import { doneTasks, isTrained, modelSize, releaseLine, type Disclose } from './line.ts';
import { metricRows } from './metrics.ts';
import { triggerWords } from './trigger-words.ts';

/** What a comment on the merged change is made of. */
export interface ReleaseCommentInput {
  readonly release: Release;
  readonly line?: Pick<ReleaseLine, 'hold'> | undefined;
  /** The release's page. */
  readonly url: string;
  readonly disclose: Disclose;
  /** The run's page in Kubeflow; undefined where nobody configured it. */
  readonly runUrl?: string | undefined;
  /** The metrics of the model that was released before. */
  readonly before?: Readonly<Record<string, number>> | undefined;
}

const mostMetrics = 30;
/** All of them together leave room for the rest of a comment. */
const mostLogs = 5;
const logLines = 30;
const logLine = 250;
const longest = 1000;

/** The comment, and whether it is worth making where there is none: an end that people want to know, or a hold. */
export function releaseComment(input: ReleaseCommentInput): {
  readonly body: string;
  readonly create: boolean;
} {
  const { outcome, hold } = input.release;
  const create =
    outcome === 'released' ||
    outcome === 'failed' ||
    outcome === 'rolled-back' ||
    (outcome === undefined && hold !== undefined);
  return { body: renderReleaseComment(input), create };
}

/** The one comment of a release, as Markdown of GitLab and GitHub. */
export function renderReleaseComment(input: ReleaseCommentInput): string {
  const { release, disclose, line } = input;
  const head = `### ${mark(release)} ${escapeText(shorten(releaseLine(release, disclose, line), longest))}`;
  if (disclose === 'counts') return [head, footer(input)].join('\n\n') + '\n';
  const blocks = [
    ...adviceBlock(input),
    ...trainedBlock(input),
    ...metricsBlock(input),
    ...servedBlock(release),
    ...logBlocks(release),
  ];
  return cutBody([head, ...blocks, footer(input)].join('\n\n') + '\n');
}

function mark({ outcome, hold, line }: Release): string {
  const to = `modelgate, ${escapeText(line.environment)}:`;
  if (outcome === 'released') return `✅ ${to}`;
  if (outcome === 'failed' || outcome === 'rolled-back') return `❌ ${to}`;
  return hold === undefined ? to : `⚠️ ${to}`;
}

function adviceBlock({ release, line }: ReleaseCommentInput): readonly string[] {
  const advice = adviceOf(release, line);
  if (advice.length === 0) return [];
  return [`**What to do:** ${advice.map((text) => sentence(shorten(text, longest))).join(' ')}`];
}

function trainedBlock({ release, runUrl }: ReleaseCommentInput): readonly string[] {
  const { training, trigger } = release;
  if (!isTrained(training)) return [];
  const why = trigger === undefined ? '' : ` because ${triggerWords[trigger]}`;
  const took = timeOf(training.tasks, training.finished);
  const url = runUrl === undefined ? undefined : safeUrl(runUrl);
  const parts = [
    `**Trained**${why}: ${doneTasks(training)} of ${plural(training.tasks.length, 'task')} done${took}`,
    ...(url === undefined ? [] : [link('the run in Kubeflow', url)]),
    ...(training.trouble === undefined ? [] : [escapeText(shorten(training.trouble, longest))]),
  ];
  return [parts.join(' · ')];
}

function timeOf(tasks: readonly TrainingTask[], finished: string | undefined): string {
  const starts = tasks.flatMap(({ started }) => (started === undefined ? [] : [Date.parse(started)]));
  if (finished === undefined || starts.length === 0) return '';
  return ` in ${durationText(Date.parse(finished) - Math.min(...starts))}`;
}

function metricsBlock({ release, before }: ReleaseCommentInput): readonly string[] {
  const rows = metricRows(release, before);
  if (rows.length === 0) return [];
  const lines = rows.slice(0, mostMetrics).map(({ metric, value, limits, kept }) => {
    const verdict = kept === undefined ? '' : kept ? '✅ kept' : '❌ not kept';
    return `| ${inlineCode(shorten(metric, 100))} | ${escapeText(value)} | ${escapeText(limits)} | ${verdict} |`;
  });
  const table = ['| metric | value | limit | |', '| --- | --- | --- | --- |', ...lines].join('\n');
  const rest = rows.length - mostMetrics;
  return rest > 0 ? [table, `and ${plural(rest, 'more metric')}`] : [table];
}

function servedBlock(release: Release): readonly string[] {
  const { published, rollout, outcome } = release;
  const blocks: string[] = [];
  if (published !== undefined) {
    const files = plural(published.files.length, 'file');
    blocks.push(
      `**Published** at ${inlineCode(shorten(published.uri, longest))} (${files}, ${modelSize(release)})`,
    );
  }
  if (rollout === undefined || outcome !== 'released') return blocks;
  const revision = rollout.revision === undefined ? '' : ` as revision ${inlineCode(rollout.revision)}`;
  const at = rollout.url === undefined ? '' : `, at ${inlineCode(shorten(rollout.url, 300))}`;
  return [...blocks, `**Serves** on ${inlineCode(rollout.service)}${revision}${at}`];
}

/** What failed tasks wrote last, folded up: GitHub and GitLab read Markdown in it after an empty line. */
function logBlocks({ training }: Release): readonly string[] {
  const failed = (training?.tasks ?? []).filter(({ logTail }) => logTail.length > 0);
  if (failed.length === 0) return [];
  const logs = failed.slice(0, mostLogs).map(({ name, logTail }) => {
    const tail = logTail.slice(-logLines).map((text) => shorten(text, logLine));
    return `Task ${inlineCode(shorten(name, 128))}:\n\n${fenced(tail.join('\n'), '')}`;
  });
  const rest = failed.length - logs.length;
  if (rest > 0) logs.push(`And ${plural(rest, 'more task')}: the details page has all.`);
  const summary = `<summary>Last lines of ${failed.length === 1 ? 'the failed task' : `${failed.length} failed tasks`}</summary>`;
  return [`<details>${summary}`, ...logs, '</details>'];
}

function footer({ release, url, disclose }: ReleaseCommentInput): string {
  const { commit, branch, attempt, since } = release;
  const of = disclose === 'counts' ? '' : ` of ${inlineCode(shorten(branch, 100))}`;
  const again = attempt === 1 ? '' : `, attempt ${attempt}`;
  const base = since === undefined ? '' : `, released last: ${inlineCode(shortSha(since))}`;
  return `<sub>Release of ${inlineCode(shortSha(commit))}${of}${again}${base} · ${link('details', url)}</sub>`;
}
