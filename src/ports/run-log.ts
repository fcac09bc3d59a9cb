/** The log of a run: redacted lines, capped, read by cursor. */
export interface RunLog {
  append(runId: string, line: string): void;
  /** Lines after the cursor (undefined: from the start), oldest first, and the cursor to go on from. */
  read(
    runId: string,
    after: string | undefined,
    limit: number,
  ): Promise<{ readonly lines: readonly string[]; readonly cursor: string | undefined }>;
}
