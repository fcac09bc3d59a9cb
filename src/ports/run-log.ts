/** The log of a run: redacted lines, capped, read by cursor. */
export interface RunLog {
  append(runId: string, line: string): void;
  /**
   * Lines after the cursor (undefined or unreadable: from the start), oldest first, and the cursor to go on from. With
   * `until`: none after that cursor.
   */
  read(
    runId: string,
    after: string | undefined,
    limit: number,
    until?: string,
  ): Promise<{ readonly lines: readonly string[]; readonly cursor: string | undefined }>;
}
