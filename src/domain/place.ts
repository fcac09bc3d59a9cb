/** A stretch of a source text. Lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Lines of a file around a finding, for people to read. */
export interface Excerpt {
  readonly firstLine: number;
  readonly lines: readonly string[];
}
