import type { Hold } from './hold.ts';
import type { MetricLimits, Production } from './policy.ts';
import type { PublishedModel, TrainedModel } from './model.ts';
import type { PhaseName } from './release-phases.ts';
import type { Repository, Sha } from './repository.ts';
import type { RolloutFacts } from './rollout.ts';
import type { TimelineEntry } from './run.ts';
import type { TrainingFacts } from './training.ts';
import type { TriggerClass } from './trigger.ts';

/** How a release ended. `nothing-to-release`: no file that production is made of changed. */
export type ReleaseOutcome = 'released' | 'nothing-to-release' | 'failed' | 'rolled-back' | 'superseded';

/** One production target of one repository: releases of a line come one after the other. */
export interface LineId {
  readonly host: string;
  readonly repositoryId: string;
  /** The name of an environment in the server's configuration. */
  readonly environment: string;
}

/** What the policy of the commit says about its way, frozen when the release began. */
export interface ReleasePlan {
  readonly production: Production;
  /** Metric limits by metric, of every file that the policy names. */
  readonly limits: Readonly<Record<string, MetricLimits>>;
  /** SHA-256 of the pipeline's file: what is uploaded is what was read. */
  readonly pipelineDigest: string;
}

/** One merged commit on its way to production: one attempt. Everything that is known of it, and what was intended. */
export interface Release {
  readonly v: 1;
  readonly rev: number;
  /** Hash of line, commit and attempt: made again from nothing, it is the same. */
  readonly id: string;
  readonly line: LineId;
  readonly repository: Repository;
  readonly branch: string;
  readonly commit: Sha;
  /** From 1. */
  readonly attempt: number;
  /** ISO time. */
  readonly began: string;
  /** The commit that was released last: base of the change set. undefined: none, or nobody knows. */
  readonly since: Sha | undefined;
  readonly trigger: TriggerClass | undefined;
  readonly plan: ReleasePlan | undefined;
  readonly phase: PhaseName;
  /** When the phase began, ISO. */
  readonly phaseSince: string;
  /** When each phase was entered for the first time, ISO; absent where nobody kept it. For people alone. */
  readonly entered?: Readonly<Partial<Record<PhaseName, string>>> | undefined;
  /** undefined: it is under way. */
  readonly outcome: ReleaseOutcome | undefined;
  /** Why it ended so, or what it waits for: one sentence for people, with what to do where there is something. */
  readonly reason: string | undefined;
  /** Why the step that is due could not be made yet, in one sentence; absent: nothing is in its way. */
  readonly trouble?: string | undefined;
  /** People have to look at it before it goes on. */
  readonly hold: Hold | undefined;
  /** When it is looked at again, ISO. */
  readonly wakeAt: string | undefined;
  /** Effects that were begun: name → when, ISO. Recorded before the effect; a lost answer is recognised by it. */
  readonly intents: Readonly<Record<string, string>>;
  readonly training: TrainingFacts | undefined;
  readonly model: TrainedModel | undefined;
  readonly published: PublishedModel | undefined;
  readonly rollout: RolloutFacts | undefined;
  readonly timeline: readonly TimelineEntry[];
  /** What the reporters of the host remember, by name. */
  readonly memory: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}

/** What phases learn and keep. */
export type ReleaseFacts = Partial<
  Pick<Release, 'trigger' | 'plan' | 'training' | 'model' | 'published' | 'rollout'>
>;

/** What lists and lines show of a release that has come to its end. */
export interface Settled {
  readonly commit: Sha;
  readonly releaseId: string;
  /** ISO time. */
  readonly at: string;
}

/** What was released last: the base of change sets, and what metrics are compared with. */
export interface Released extends Settled {
  readonly metrics: Readonly<Record<string, number>>;
}

/** A commit that wants to be released. */
export interface Candidate {
  readonly commit: Sha;
  readonly branch: string;
  /** From 1; more where people asked for another attempt, or the platform failed. */
  readonly attempt: number;
}

/** The queue of one production target. */
export interface ReleaseLine {
  readonly v: 1;
  readonly rev: number;
  readonly line: LineId;
  readonly repository: Repository;
  readonly branch: string;
  /** The last commit that was decided on, whatever came of it. */
  readonly settled: Settled | undefined;
  readonly released: Released | undefined;
  /** The release under way. */
  readonly active: Candidate | undefined;
  /** The newest commit that waits; older ones are superseded by it. */
  readonly waiting: Candidate | undefined;
  /** Nothing begins, and what is under way does nothing more, until people say so. */
  readonly hold: Hold | undefined;
  /** When the attempts of the last day began, ISO: there is a limit for a day. */
  readonly started: readonly string[];
}

/** The line as one string: stable, unique, without `:`. */
export function lineKey({ host, repositoryId, environment }: LineId): string {
  return [host, repositoryId, environment].join('/');
}

/** A line that nothing was released on yet. */
export function newLine(
  line: LineId,
  { repository, branch }: Pick<ReleaseLine, 'repository' | 'branch'>,
): ReleaseLine {
  return {
    v: 1,
    rev: 0,
    line,
    repository,
    branch,
    settled: undefined,
    released: undefined,
    active: undefined,
    waiting: undefined,
    hold: undefined,
    started: [],
  };
}

/** The fields of a release that enters a phase; `at` is an ISO time. */
export function entering(
  { entered }: Pick<Release, 'entered'>,
  phase: PhaseName,
  at: string,
): Pick<Release, 'phase' | 'phaseSince' | 'entered'> {
  return { phase, phaseSince: at, entered: { ...entered, [phase]: entered?.[phase] ?? at } };
}

/** When it ended, ISO: undefined while it is under way. */
export function endOf({ outcome, timeline, phaseSince }: Release): string | undefined {
  return outcome === undefined ? undefined : (timeline.at(-1)?.at ?? phaseSince);
}
