/** Things that are counted. */
export type CounterName =
  | 'modelgate_webhook_received_total'
  | 'modelgate_wakeups_poked_total'
  | 'modelgate_job_failures_total'
  | 'modelgate_forge_requests_total'
  | 'modelgate_report_writes_total'
  | 'modelgate_sweeper_recovered_total'
  | 'modelgate_releases_total';

/** Durations in seconds, in buckets. */
export type HistogramName =
  | 'modelgate_webhook_ack_seconds'
  | 'modelgate_event_to_start_seconds'
  | 'modelgate_job_seconds'
  | 'modelgate_check_seconds'
  | 'modelgate_release_phase_seconds';

/** Values of this moment. */
export type GaugeName =
  | 'modelgate_build_info'
  | 'modelgate_queue_depth'
  | 'modelgate_queue_waiting'
  | 'modelgate_queue_active'
  | 'modelgate_queue_oldest_seconds'
  | 'modelgate_queue_oldest_active_seconds'
  | 'modelgate_wakeups_waiting'
  | 'modelgate_wakeups_overdue_seconds'
  | 'modelgate_redis_up'
  | 'modelgate_workers'
  | 'modelgate_failed_jobs'
  | 'modelgate_effects_paused'
  | 'modelgate_forge_budget_remaining'
  | 'modelgate_sweeper_last_success_timestamp'
  | 'modelgate_event_loop_delay_seconds'
  | 'modelgate_release_lines_held'
  | 'modelgate_release_last_seconds';

/** Label values are words of ours or ids from the configuration, never texts from outside: they must stay few. */
export type Labels = Readonly<Record<string, string>>;

/** Our own figures. Never throws, never waits. */
export interface Telemetry {
  /** `by`: how many at once; one unless it is said. */
  count(name: CounterName, labels: Labels, by?: number): void;
  observe(name: HistogramName, labels: Labels, seconds: number): void;
  gauge(name: GaugeName, labels: Labels, value: number): void;
}

/** One request to a host's API, as its adapter tells of it when the answer is there. */
export interface HostRequest {
  /** The host's id in the configuration. */
  readonly host: string;
  /** Method and path with names in the place of ids: `GET projects/:id/merge_requests/:id`. */
  readonly endpoint: string;
  /** Status of the answer; undefined: there was none. */
  readonly code: number | undefined;
  /** Whether the host said that what we have is still right (304). */
  readonly cached: boolean;
  /** Requests that the host still takes from us in its present window; undefined: it does not say. */
  readonly remaining: number | undefined;
}

/** What adapters of hosts call after each request. Never throws, never waits. */
export type ObserveHostRequest = (request: HostRequest) => void;
