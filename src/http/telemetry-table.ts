import type { CounterName, GaugeName, HistogramName } from '../ports/telemetry.ts';

/** What Prometheus is told of a figure. */
export interface TelemetryDescription {
  readonly help: string;
  readonly labels: readonly string[];
}

export const counters: Readonly<Record<CounterName, TelemetryDescription>> = {
  modelgate_webhook_received_total: {
    help: 'Webhook deliveries by what became of them.',
    labels: ['host', 'event', 'result'],
  },
  modelgate_wakeups_poked_total: { help: 'Stored wake-ups that came due.', labels: ['queue'] },
};

export const histograms: Readonly<
  Record<HistogramName, TelemetryDescription & { readonly buckets: readonly number[] }>
> = {
  modelgate_webhook_ack_seconds: {
    help: 'Time from the start of a webhook request to its answer.',
    labels: ['host'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  modelgate_job_seconds: {
    help: 'Time that jobs took, by how they ended.',
    labels: ['kind', 'result'],
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
};

export const gauges: Readonly<Record<GaugeName, TelemetryDescription>> = {
  modelgate_queue_waiting: { help: 'Jobs that wait for a worker.', labels: ['queue'] },
  modelgate_queue_active: { help: 'Jobs at work.', labels: ['queue'] },
  modelgate_queue_oldest_seconds: { help: 'How long the next job has been waiting.', labels: ['queue'] },
  modelgate_wakeups_waiting: { help: 'Stored wake-ups, due or not.', labels: [] },
  modelgate_wakeups_overdue_seconds: { help: 'How long the first wake-up has been due.', labels: [] },
  modelgate_workers: { help: 'Workers that gave a sign of life within 30 seconds.', labels: [] },
};
