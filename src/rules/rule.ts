import type { Comparison, RuleDescription, Severity } from '../domain/finding.ts';
import type { Source, Span } from '../formats/source.ts';

/** Where a rule is broken: a file, a stretch of it, and the structural path that survives shifted lines. */
export interface Location {
  /** The file's path where its text is not at hand (binary, missing, conflict). */
  readonly source: Source | { readonly path: string };
  readonly span: Span | undefined;
  readonly pointer: string;
  /** `target`: the source is the target branch's file, whose lines need not be those of the judged tree's. */
  readonly tree?: 'target' | undefined;
}

/** One break of a rule: what the rule says; the engine adds the rest. */
export interface Breach {
  readonly at: Location;
  readonly message: string;
  readonly compared?: readonly Comparison[];
  readonly repair?: string | undefined;
  /** Tells breaches at one pointer apart: an object's name, a referenced task. */
  readonly subject?: string;
  /** Only where the case decides: a rule with one severity leaves it out. */
  readonly severity?: Severity;
}

/** A rule looks at one kind of node and says what is wrong with it. Pure: no I/O, no clock, no state. */
export interface RuleOn<Nodes, Kind extends keyof Nodes> extends RuleDescription {
  readonly on: Kind;
  check(node: Nodes[Kind]): Iterable<Breach>;
}

/** A rule of a group whose model has the given kinds of nodes: `{ output: Output; remote: Remote }`. */
export type Rule<Nodes> = { [Kind in keyof Nodes]: RuleOn<Nodes, Kind> }[keyof Nodes];

/** One node of the model, offered to every rule that looks at its kind. Nodes carry what their rules need. */
export type Visit<Nodes> = {
  [Kind in keyof Nodes]: { readonly kind: Kind; readonly node: Nodes[Kind] };
}[keyof Nodes];
