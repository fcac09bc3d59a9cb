import { usageOfThisProcess, type Usage } from './usage.ts';

/** What a child says to its parent. Number 0 says that it is ready, the others answer the question of that number. */
export interface Answer {
  readonly id: number;
  /** Where it listens. */
  readonly url?: string;
  readonly usage?: Usage;
  readonly figure?: number;
}

/** What a parent asks. `usage` and `stop` are known to every child, the others are names of its figures. */
export interface Question {
  readonly id: number;
  readonly ask: string;
}

/** A server in a process of its own. */
export interface ChildServer {
  readonly url: string;
  readonly figures?: Readonly<Record<string, () => number | Promise<number>>>;
  readonly stop: () => Promise<unknown>;
}

/** Tells the parent that we are ready, and answers its questions until it says `stop` or is gone. */
export function answerParent({ url, figures = {}, stop }: ChildServer): void {
  const say = (answer: Answer): void => void process.send?.(answer);
  async function answer({ id, ask }: Question): Promise<void> {
    if (ask === 'usage') return say({ id, usage: usageOfThisProcess() });
    if (ask !== 'stop') return say({ id, figure: (await figures[ask]?.()) ?? Number.NaN });
    await stop();
    // An ordinary end, so that a profile is written.
    process.exit(0);
  }
  process.on('message', (question: Question) => void answer(question));
  process.once('disconnect', () => process.exit(1));
  say({ id: 0, url });
}
