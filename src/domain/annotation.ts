/** A finding beside the line that it is about, as hosts show it in a diff. Lines and columns count from 1. */
export interface Annotation {
  /** Path in the repository. */
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  /** First and last column, inclusive; only where the lines are one. */
  readonly columns: { readonly start: number; readonly end: number } | undefined;
  readonly level: 'failure' | 'warning' | 'notice';
  readonly title: string;
  /** Plain text of several lines. */
  readonly message: string;
}

/** What a status can tell beside its line, on hosts that show it. */
export interface StatusDetails {
  /** Markdown. */
  readonly summary: string;
  /** The gravest first. */
  readonly annotations: readonly Annotation[];
}
