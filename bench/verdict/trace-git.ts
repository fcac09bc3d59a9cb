import { chmod, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** One run of git. */
export interface GitRun {
  readonly command: string;
  readonly ms: number;
}

/** Lets every git of a process tell what it did. */
export interface GitTrace {
  /** A PATH whose git writes traces. */
  readonly path: string;
  /** What ran since the last call: the gits that the service started, not those that git started. */
  take(): Promise<readonly GitRun[]>;
}

/** A `git` in front of the real one that turns on git's own tracing (trace2), which the service takes from git. */
export async function traceGit(root: string, searchPath: string): Promise<GitTrace> {
  const [bin, traces] = [join(root, 'bin'), join(root, 'traces')];
  await mkdir(bin, { recursive: true });
  await mkdir(traces, { recursive: true });
  const shim = join(bin, 'git');
  await writeFile(shim, `#!/bin/sh\nPATH='${searchPath}' GIT_TRACE2_EVENT='${traces}' exec git "$@"\n`);
  await chmod(shim, 0o755);
  return {
    path: `${bin}${delimiter}${searchPath}`,
    async take() {
      const files = await readdir(traces);
      const runs: GitRun[] = [];
      for (const file of files) {
        runs.push(...readTrace(await readFile(join(traces, file), 'utf8')));
        await rm(join(traces, file));
      }
      return runs;
    },
  };
}

/** One file holds one process; a session id with a slash belongs to a child of another git. */
function readTrace(text: string): readonly GitRun[] {
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): TraceEvent => JSON.parse(line));
  const start = events.find(({ event }) => event === 'start');
  const end = events.find(({ event }) => event === 'atexit');
  if (start === undefined || end === undefined || start.sid.includes('/')) return [];
  return [{ command: commandOf(start.argv ?? []), ms: (end.t_abs ?? 0) * 1000 }];
}

/** Of trace2's format, what is used. */
interface TraceEvent {
  readonly event: string;
  readonly sid: string;
  readonly argv?: readonly string[];
  /** Seconds since the process began. */
  readonly t_abs?: number;
}

/** `fetch` of `git -c a=b fetch origin`. */
function commandOf([, ...args]: readonly string[]): string {
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-c');
  return args[at] ?? 'git';
}
