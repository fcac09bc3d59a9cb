/** How the sandbox is set up. */
export interface GithubConfig {
  /** An existing directory for the bare repositories; the caller removes it. */
  readonly root: string;
  readonly clock?: { now(): Date };
  readonly port?: number;
  /** The version of an Enterprise Server, such as `3.19.1`; without it, it is github.com. */
  readonly enterprise?: string;
  readonly knobs?: Partial<GithubKnobs>;
}

/** What differs between instances and moments; may be changed while the sandbox runs. */
export interface GithubKnobs {
  /** How long a finding of "mergeable" takes once somebody asked; until then it is null. */
  mergeCheckMs: number;
  /** How long `refs/pull/N/head` lags behind the webhook; 0: it moves first. */
  pullRefLagMs: number;
  /** A webhook receiver's time to answer: 10 s, on an Enterprise Server 30 s. */
  webhookTimeoutMs: number;
  /** Requests an hour for one installation or user; undefined: not limited, as on an Enterprise Server. */
  requestsPerHour: number | undefined;
  /** Writes that create content, a minute; github.com takes 80. Undefined: not limited. */
  contentPerMinute: number | undefined;
  /** With how the primary limit is told: both are seen. */
  primaryLimitStatus: 403 | 429;
  /** Life of an installation token. */
  installationTokenMs: number;
}

/** The behaviour of github.com, but for the limit on created content, which a test switches on. */
export const defaultKnobs: Readonly<GithubKnobs> = {
  mergeCheckMs: 0,
  pullRefLagMs: 0,
  webhookTimeoutMs: 10_000,
  requestsPerHour: 5_000,
  contentPerMinute: undefined,
  primaryLimitStatus: 403,
  installationTokenMs: 3_600_000,
};
