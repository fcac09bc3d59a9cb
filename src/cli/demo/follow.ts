import { listAt, textAt, type Json } from '../../sandbox/kubernetes/json.ts';
import type { RunView } from '../../sandbox/kubeflow/runs/view.ts';
import { taskNames } from './kubeflow.ts';
import { longestMs, type Scene } from './watch.ts';

/** Tells the steps of a release as its page shows them, live, until it has ended. */
export async function followRelease({ tell, stop }: Scene, page: string, began: number): Promise<void> {
  const { body } = await fetch(`${page}/log`, { signal: stop });
  let rest = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, at, step] = /^data: (\S+) info releasing .*? step=(.*)$/.exec(line) ?? [];
      if (at === undefined || step === undefined) continue;
      tell.progress(step, Date.parse(at) - began);
      if (/^(?:released|failed): /.test(step)) return;
    }
  }
}

/** Tells the tasks of the run as they end, until all have; Kubeflow is asked as its own pages ask it. */
export async function followTasks({ world, tell, stop }: Scene, began: number): Promise<void> {
  const known = new Set<string>();
  while (known.size < taskNames.length && Date.now() - began < longestMs) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    stop.throwIfAborted();
    const run = world.kubeflow.runs().findLast(({ createdAt }) => createdAt.getTime() >= began);
    if (run === undefined) continue;
    for (const name of await endedTasks(world.kubeflow.url, run, stop)) {
      if (!known.has(name)) tell.progress(`Kubeflow: the task ${name} has ended`, Date.now() - began);
      known.add(name);
    }
  }
}

async function endedTasks(url: string, { runId }: RunView, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await fetch(`${url}/apis/v2beta1/runs/${runId}`, { signal });
  const run: Json = JSON.parse(await answer.text());
  const ended = listAt(run, 'run_details', 'task_details').filter(
    (task) => textAt(task, 'state') === 'SUCCEEDED',
  );
  const names = ended.map((task) => textAt(task, 'display_name'));
  return taskNames.filter((name) => names.includes(name));
}
