/** The process as a command sees it. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** Who the operating system says runs it; undefined: it has no name for them. */
  readonly user?: string | undefined;
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly stop: AbortSignal;
}

/** Runs a command to its end and resolves to its exit code. */
export type RunCommand = (argv: readonly string[], terminal: Terminal) => Promise<number>;
