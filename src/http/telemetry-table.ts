import { phaseNames } from '../domain/release-phases.ts';
import type { CounterName, GaugeName, HistogramName } from '../ports/telemetry.ts';

/** What Prometheus is told of a figure; `docs/telemetry.md` is made of it. */
export interface TelemetryDescription {
  readonly help: string;
  readonly labels: readonly string[];
}

/** A figure whose values fall into buckets; their upper bounds in seconds. */
export interface HistogramDescription extends TelemetryDescription {
  readonly buckets: readonly number[];
}

/** What may stand in each label. */
export const labelValues = {
  host: "the host's id in the configuration",
  event:
    '`change-touched`, `merge-group-touched`, `branch-moved`, `command-given`, `rerun-asked`, `pipeline-seen`, `access-changed`; `none` where it was not read',
  result: 'in words: see below the table',
  queue: '`gate`, `upkeep`, `release`',
  kind: 'of the job: `gate-change`, `gate-merge-group`, `gate-branch`, `look-again`, `pipeline-seen`, `run-command`, `rerun`, `release`, `sweep`',
  cause: '`outside` (a host, git or Redis), `user` (somebody can repair it), `defect` (of modelgate)',
  check: '`data`, `pipeline`',
  verdict: '`passed`, `failed`, `undecided`, `waiting`',
  endpoint: 'method and path, with `:id` in the place of every id and name',
  code: 'status of the answer; `none` where there was none',
  cached: '`yes` where the host answered that nothing has changed, else `no`',
  what: '`status`, `comment`, `deployment`',
  environment: "the environment's name in the configuration",
  repository: "the host's id of the repository",
  phase: phaseNames.map((name) => `\`${name}\``).join(', '),
  outcome: '`released`, `nothing-to-release`, `failed`, `rolled-back`, `superseded`',
  version: 'of modelgate',
  node: 'of Node.js',
} as const satisfies Readonly<Record<string, string>>;

/** Values of the label `result`, which are others for each figure. */
export const resultValues: Readonly<Partial<Record<CounterName | HistogramName, string>>> = {
  modelgate_webhook_received_total:
    '`accepted`, `duplicate`, `ignored`, `malformed` (authentic, not readable), `rejected` (not authentic), `unavailable` (Redis away), `too-large`, `wrong-type`, `busy`, `broken`, `failed` (a defect)',
  modelgate_job_seconds: '`done`, `failed`, `aborted`',
  modelgate_report_writes_total:
    '`written` (also where it was right already), `refused` (the host will not), `failed` (tried again), `paused`',
};

export const counters: Readonly<Record<CounterName, TelemetryDescription>> = {
  modelgate_webhook_received_total: {
    help: 'Webhook deliveries by what became of them.',
    labels: ['host', 'event', 'result'],
  },
  modelgate_wakeups_poked_total: { help: 'Stored wake-ups that came due.', labels: ['queue'] },
  modelgate_job_failures_total: {
    help: 'Tries of jobs that failed and are made again.',
    labels: ['kind', 'cause'],
  },
  modelgate_forge_requests_total: {
    help: 'Requests to the APIs of Git hosts.',
    labels: ['host', 'endpoint', 'code', 'cached'],
  },
  modelgate_report_writes_total: {
    help: 'Statuses, comments and deployments that were to be brought up to date at a host.',
    labels: ['host', 'what', 'result'],
  },
  modelgate_sweeper_recovered_total: {
    help: 'Changes that a sweep poked: missed webhooks, lost records, and what was still being judged.',
    labels: [],
  },
  modelgate_releases_total: {
    help: 'Releases that came to an end, by how.',
    labels: ['environment', 'outcome'],
  },
};

export const histograms: Readonly<Record<HistogramName, HistogramDescription>> = {
  modelgate_webhook_ack_seconds: {
    help: 'Time from the start of a webhook request to its answer.',
    labels: ['host'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  modelgate_event_to_start_seconds: {
    help: 'Time from the arrival of a delivery to the start of its job.',
    labels: ['kind'],
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
  },
  modelgate_job_seconds: {
    help: 'Time that jobs took, by how they ended.',
    labels: ['kind', 'result'],
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
  modelgate_check_seconds: {
    help: 'Time that one check of a change took, its questions to data remotes included.',
    labels: ['check', 'verdict'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
  modelgate_release_phase_seconds: {
    help: 'Time that releases spent in a phase, from its beginning to the next one.',
    labels: ['environment', 'phase'],
    buckets: [1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200, 86_400],
  },
};

export const gauges: Readonly<Record<GaugeName, TelemetryDescription>> = {
  modelgate_build_info: { help: 'Always 1: which version this is.', labels: ['version', 'node'] },
  modelgate_queue_depth: { help: 'Jobs that wait or are at work.', labels: ['queue'] },
  modelgate_queue_waiting: { help: 'Jobs that wait for a worker.', labels: ['queue'] },
  modelgate_queue_active: { help: 'Jobs at work.', labels: ['queue'] },
  modelgate_queue_oldest_seconds: { help: 'How long the next job has been waiting.', labels: ['queue'] },
  modelgate_queue_oldest_active_seconds: {
    help: 'How long the job has been at work that began first.',
    labels: ['queue'],
  },
  modelgate_wakeups_waiting: { help: 'Stored wake-ups, due or not.', labels: [] },
  modelgate_wakeups_overdue_seconds: { help: 'How long the first wake-up has been due.', labels: [] },
  modelgate_redis_up: {
    help: '1 while Redis answers this process, else 0: then there are no figures of queues, wake-ups, workers, failed jobs and the pause.',
    labels: [],
  },
  modelgate_workers: {
    help: 'Workers that take jobs of the queue and gave a sign of life within 30 seconds.',
    labels: ['queue'],
  },
  modelgate_failed_jobs: { help: 'Jobs in the list of failed jobs.', labels: [] },
  modelgate_effects_paused: { help: '1 while nothing may be written to hosts, else 0.', labels: [] },
  modelgate_forge_budget_remaining: {
    help: 'Requests that the host still takes in its present window, by its last answer that said so.',
    labels: ['host'],
  },
  modelgate_sweeper_last_success_timestamp: {
    help: 'When this process last swept a host, or the part whose turn it was, without trouble, in seconds since 1970; 0 where it never could since it started.',
    labels: ['host'],
  },
  modelgate_event_loop_delay_seconds: {
    help: 'The longest time that the event loop of this worker was late within the last ten seconds.',
    labels: [],
  },
  modelgate_release_lines_held: {
    help: 'Production targets on hold, and releases that wait until people have looked at them.',
    labels: [],
  },
  modelgate_release_last_seconds: {
    help: 'How long it is that a repository was released to an environment.',
    labels: ['host', 'repository', 'environment'],
  },
};
