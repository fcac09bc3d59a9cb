import type { Change } from './change.ts';
import type { Sha } from './repository.ts';
import type { Subject } from './subject.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** One evaluation of one head. `id` is the hash of the evaluation key: made again from nothing, it is the same. */
export interface Run {
  readonly v: 1;
  readonly rev: number;
  readonly id: string;
  readonly subject: Subject;
  /** As it was when the evaluation began. */
  readonly change: Change;
  readonly base: Sha | undefined;
  readonly state: 'running' | 'judged' | 'superseded' | 'cancelled';
  readonly judgement: Judgement | undefined;
  readonly decision: Decision | undefined;
  /** Why there is no judgement after the last try: one sentence for people. */
  readonly trouble: string | undefined;
  readonly timeline: readonly TimelineEntry[];
  readonly looks: Looks | undefined;
}

/** Verdict and mode made into what people are told. Recomputed without re-running checks. */
export interface Decision {
  readonly verdict: Verdict;
  /** Whether the host is told a failure. Advisory mode never blocks. */
  readonly blocking: boolean;
}

/** Something that happened to a run; `at` is an ISO time. */
export interface TimelineEntry {
  readonly at: string;
  readonly text: string;
}

/** Re-asking the data remotes after a push that nobody tells us of. */
export interface Looks {
  /** Looks done so far. */
  readonly count: number;
  /** ISO times. */
  readonly since: string;
  readonly next: string | undefined;
}

/** The record that a subject begins with. */
export function newSubjectRecord(subject: Subject): SubjectRecord {
  return {
    v: 1,
    rev: 0,
    subject,
    generation: 0,
    runId: undefined,
    runFresh: 0,
    open: [],
    fresh: 0,
    memory: {},
  };
}

/** Makes the next evaluation a new one, whatever is stored. */
export function askFresh(record: SubjectRecord): SubjectRecord {
  return { ...record, fresh: record.fresh + 1 };
}

/** What is remembered of a subject between jobs. */
export interface SubjectRecord {
  readonly v: 1;
  readonly rev: number;
  readonly subject: Subject;
  /** Rises with each evaluation; a reporter whose generation is not the newest writes nothing. */
  readonly generation: number;
  /** The newest run. */
  readonly runId: string | undefined;
  /** The value of `fresh` that the newest run answered. */
  readonly runFresh: number;
  /** Heads whose status was begun and not ended. */
  readonly open: readonly Sha[];
  /** Rises each time somebody asks for a fresh evaluation; part of the evaluation key. */
  readonly fresh: number;
  /** The reporter's memory, by head for statuses (`status/<sha>`) and `comment` for the comment. */
  readonly memory: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}
