/** The process around us, as an argument: what a test or the demo gives in its own way. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The home directory, for files such as `~/.aws/credentials`. */
  readonly home: string;
  /** One line of the log with its line break. */
  readonly writeLog: (line: string) => void;
}
