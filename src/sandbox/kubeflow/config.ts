/** How the sandbox is set up. */
export interface KubeflowConfig {
  readonly now: () => Date;
  readonly port?: number;
  /** With profiles: experiments and pipelines live in namespaces, and a run names its experiment. */
  readonly multiUser?: boolean;
  /** With tokens every request needs one of them; the set may be changed while the sandbox runs. */
  readonly bearerTokens?: ReadonlySet<string>;
  /** `tag_name` of the server, 2.15.0 to 2.17.0; 2.17.0 without. */
  readonly version?: string;
  readonly knobs?: Partial<KubeflowKnobs>;
}

/** What differs between servers and bad days; may be changed while the sandbox runs. */
export interface KubeflowKnobs {
  /** Whether `run_id` of a new run is taken over, as all known servers do (specs kubeflow 0.4). */
  honoursRunId: boolean;
  /**
   * Between the Workflow object and the database row of a new run, in milliseconds of `now`. Above 0 the gateway
   * gives up first: the client reads 504, the run appears later, or `never`.
   */
  rowAfterMs: number | 'never';
  /** When a Workflow without a row is deleted. */
  workflowGraceMs: number;
  /** How late the persistence agent reports what the Workflow does. */
  reportLagMs: number;
  /** What a terminated run ends as; the open-source server reports the Workflow's phase, which is FAILED. */
  terminatedEndsAs: 'CANCELED' | 'FAILED';
  /** Whether task rows name their parent; servers that fill the rows from Argo nodes leave it out. */
  parentTaskIds: boolean;
  /**
   * How Argo names pods: `v2` puts the template into the name, so a pod is not named as the node id in
   * `child_tasks`; `v1` names it as the node id.
   */
  podNames: 'v1' | 'v2';
}

/** A stock server on a good day. */
export const defaultKnobs: Readonly<KubeflowKnobs> = {
  honoursRunId: true,
  rowAfterMs: 0,
  workflowGraceMs: 120_000,
  reportLagMs: 1_000,
  terminatedEndsAs: 'CANCELED',
  parentTaskIds: false,
  podNames: 'v2',
};
