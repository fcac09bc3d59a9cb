import type { Excerpt, Place } from './place.ts';

/** An error fails the verdict, a warning and a note do not. */
export type Severity = 'error' | 'warning' | 'note';

/** Two values that should have agreed. */
export interface Comparison {
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** One rule broken at one place. Plain data: it is stored, compared and rendered. Every text in it is untrusted. */
export interface Finding {
  /** `data/missing-on-remote` */
  readonly rule: string;
  readonly severity: Severity;
  /** One sentence: what is wrong and why it matters. */
  readonly message: string;
  /** Path in the repository; undefined when the finding is about no file (a conflict of the whole change). */
  readonly file: string | undefined;
  /** `target`: place and excerpt are those of the target branch's file; absent: of the judged tree's. */
  readonly tree?: 'target' | undefined;
  readonly place: Place | undefined;
  readonly excerpt: Excerpt | undefined;
  /** Structural path in the file, `outs/0/md5`: survives shifted lines. */
  readonly pointer: string;
  readonly compared: readonly Comparison[];
  /** The exact command or edit that repairs it. */
  readonly repair: string | undefined;
  /** hash(rule, file, pointer, subject): the same finding on two trees has the same fingerprint. */
  readonly fingerprint: string;
  /** `existing`: the target has it too, the change did not bring it. */
  readonly origin: 'new' | 'existing';
}

/** What a person should know of a rule; the registry yields one for each. */
export interface RuleDescription {
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly profile: 'recommended' | 'strict';
  /** Rows of the specification that the rule covers. */
  readonly covers: readonly string[];
}
