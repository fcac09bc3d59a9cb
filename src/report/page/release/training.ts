import { durationText } from '../../../domain/duration.ts';
import type { Release } from '../../../domain/release.ts';
import type { RunState, TrainingTask } from '../../../domain/training.ts';
import { markup, safeUrl, type Html, type HtmlPart } from '../../html.ts';
import { isTrained } from '../../release/line.ts';
import { facts, section, table, timeOf } from '../layout.ts';
import { stateMark } from '../mark.ts';
import type { Outcome } from '../verdict-words.ts';

const tones: Readonly<Record<RunState, Outcome['tone']>> = {
  pending: 'ended',
  running: 'running',
  succeeded: 'passed',
  skipped: 'ended',
  failed: 'failed',
  canceling: 'waiting',
  canceled: 'ended',
  paused: 'waiting',
  unknown: 'undecided',
};

/** The run on Kubeflow: its tasks, and what the failed ones wrote last. `runUrl`: its page there. */
export function trainingSection(
  { training, phase, outcome }: Release,
  runUrl: string | undefined,
): Html | undefined {
  const begins = phase === 'train' && outcome === undefined;
  if (training === undefined || !(isTrained(training) || begins)) return undefined;
  const { state, trouble, tasks, serverRunId, runId, finished } = training;
  const url = runUrl === undefined ? undefined : safeUrl(runUrl);
  const link =
    url === undefined ? undefined : markup`<a href="${url}" rel="noreferrer">The run in Kubeflow</a>`;
  return section('Training', [
    facts([
      ['state', state === undefined ? 'is being started' : stateMark({ tone: tones[state], word: state })],
      ['run', markup`<code>${serverRunId ?? runId}</code>`],
      ['in Kubeflow', link],
      ['pipeline', markup`<code>${training.pipeline}</code>, version <code>${training.version}</code>`],
      ['ended', timeOf(finished)],
      ['what Kubeflow says', trouble],
    ]),
    table('Tasks of the run', ['task', 'state', 'began', 'took'], tasks.map(taskRow)),
    ...tasks.filter(({ logTail }) => logTail.length > 0).map(logOf),
  ]);
}

function taskRow({ name, state, started, finished }: TrainingTask): readonly HtmlPart[] {
  const took =
    started === undefined || finished === undefined
      ? undefined
      : durationText(Date.parse(finished) - Date.parse(started));
  return [
    markup`<code>${name}</code>`,
    stateMark({ tone: tones[state], word: state }),
    timeOf(started, started?.slice(11, 19)),
    took,
  ];
}

function logOf({ name, logTail }: TrainingTask): Html {
  return markup`<details open>
<summary>Last lines of <code>${name}</code></summary>
<pre tabindex="0">${logTail.join('\n')}</pre>
</details>
`;
}
