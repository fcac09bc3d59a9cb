import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './answer-parent.ts';
import type { Usage } from './usage.ts';

/** A server in a process of its own. */
export interface Child {
  readonly url: string;
  usage(): Promise<Usage>;
  /** One of its own figures. */
  figure(name: string): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a script that calls `answerParent`. What it writes to its standard output is thrown away. */
export async function startChild(
  script: URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = fork(fileURLToPath(script), args, {
    env: { ...process.env, ...env },
    execArgv: profiling(process.env['BENCH_PROFILE']),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let asked = 0;
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  child.once('exit', (code) => {
    for (const asker of waiting.values()) asker.reject(new Error(`${script.pathname} ended with ${code}`));
  });

  function answerTo(id: number): Promise<Answer> {
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  }

  function ask(name: string): Promise<Answer> {
    asked += 1;
    const question: Question = { id: asked, ask: name };
    const answer = answerTo(asked);
    child.send(question);
    return answer;
  }

  const { url = '' } = await answerTo(0);
  return {
    url,
    async usage() {
      const { usage } = await ask('usage');
      if (usage === undefined) throw new Error(`${script.pathname} does not tell its usage`);
      return usage;
    },
    figure: async (name) => (await ask(name)).figure ?? Number.NaN,
    async stop() {
      if (child.connected) void ask('stop').catch(() => undefined);
      await ended;
    },
  };
}

/** Options for node where a CPU profile is wanted. */
export function profiling(directory: string | undefined): string[] {
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
}
