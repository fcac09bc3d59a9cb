import type { Severity } from './finding.ts';

/** The repository's policy, `.modelgate.yaml`, defaults filled in. */
export interface Policy {
  readonly mode: 'blocking' | 'advisory' | 'new-only';
  readonly profile: 'recommended' | 'strict';
  /** Rule id → severity, or `off`. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  readonly data: {
    /** `changed`: outputs that the target does not reference alike; `all`: every output. */
    readonly scope: 'changed' | 'all';
    /** What is asked of every object: that it is there, that its size agrees too, or that its content does. */
    readonly verify?: 'existence' | 'size' | 'content';
    /** How much smaller tracked data may become, as a fraction of what the target has; undefined: no limit. */
    readonly maxShrink?: number | undefined;
  };
  /** Metrics file → metric → limits. */
  readonly metrics?: Readonly<Record<string, Readonly<Record<string, MetricLimits>>>>;
  /** Globs of pipeline files; undefined: every YAML file whose content is a pipeline. */
  readonly pipelines: readonly string[] | undefined;
  /** How merged changes reach production; undefined: they do not. */
  readonly production?: Production | undefined;
}

/** What a metric of the model has to keep. */
export interface MetricLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** How much worse than on the target it may be, as a fraction of the value there. */
  readonly maxRegression?: number | undefined;
  /** Which direction is better; a `max` alone says lower, a `min` alone higher. */
  readonly better?: 'lower' | 'higher' | undefined;
}

/** The production pipeline and what comes of it. */
export interface Production {
  readonly branch: string;
  /** The name of an environment in the server's configuration. */
  readonly environment: string;
  /** The pipeline's file. */
  readonly pipeline: string;
  /** Parameters of a run; texts may hold the placeholders of `runPlaceholders`. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  /** Globs that decide on the class of a release; a leading `!` excludes. */
  readonly triggers: {
    readonly data: readonly string[];
    readonly feature: readonly string[];
    readonly maintenance: readonly string[];
  };
  /** What a run may take before it is terminated. Milliseconds. */
  readonly deadline: number;
  /** What becomes of a run when a newer commit comes: it goes on, or the newer one takes its place. */
  readonly whenNewer: 'finish' | 'replace';
  readonly model?: ModelSource | undefined;
  readonly serving?: ServingPlan | undefined;
}

/** What texts of `parameters` may hold, as `${name}`. */
export const runPlaceholders = ['trigger', 'timestamp', 'commit', 'branch', 'run', 'manifest'] as const;

/** Where the trained model is found: in the run's manifest, or by the committed DVC pointer. */
export type ModelSource =
  | { readonly from: 'manifest'; readonly format: string; readonly file: string }
  | {
      readonly from: 'pointer';
      readonly format: string;
      readonly path: string;
      readonly file?: string | undefined;
    };

/** How a model is rolled out. Times are milliseconds. */
export interface ServingPlan {
  /** The InferenceService. */
  readonly service: string;
  /** The inference protocol that it speaks. */
  readonly protocol: 'v1' | 'v2';
  /** What the new model is asked before it is called done. */
  readonly smoke: readonly SmokeRequest[];
  /** What the new model may take to come up before the old one is put back. */
  readonly deadline: number;
  /** Percentages of traffic, rising, the last one 100. */
  readonly steps: readonly number[];
  readonly pause: number;
  /** Requests without which a step has no evidence. */
  readonly minRequests: number;
  readonly rollbackWindow: number;
}

/** One prediction that is asked of the new model, and what it must answer. */
export interface SmokeRequest {
  /** The body of the request, as the protocol has it. */
  readonly request: unknown;
  /** Parts of the answer that must be there; undefined: any answer with status 200 will do. */
  readonly expect?: unknown;
  /** How far numbers may be from the expected ones. */
  readonly tolerance: number;
}

/** Where a repository keeps its policy, from its top directory. */
export const policyFile = '.modelgate.yaml';

/** The policy of a repository that has none, or a broken one: data and pipelines are checked, nothing is released. */
export const defaultPolicy: Policy = {
  mode: 'blocking',
  profile: 'recommended',
  rules: {},
  data: { scope: 'changed', verify: 'size' },
  metrics: {},
  pipelines: undefined,
};
