/** Things that are counted. */
export type CounterName = 'modelgate_webhook_received_total' | 'modelgate_wakeups_poked_total';

/** Durations in seconds, in buckets. */
export type HistogramName = 'modelgate_webhook_ack_seconds' | 'modelgate_job_seconds';

/** Values of this moment. */
export type GaugeName =
  | 'modelgate_queue_waiting'
  | 'modelgate_queue_active'
  | 'modelgate_queue_oldest_seconds'
  | 'modelgate_wakeups_waiting'
  | 'modelgate_wakeups_overdue_seconds'
  | 'modelgate_workers';

/** Label values are words of ours or ids from the configuration, never texts from outside: they must stay few. */
export type Labels = Readonly<Record<string, string>>;

/** Our own figures. Never throws, never waits. */
export interface Telemetry {
  count(name: CounterName, labels: Labels): void;
  observe(name: HistogramName, labels: Labels, seconds: number): void;
  gauge(name: GaugeName, labels: Labels, value: number): void;
}
