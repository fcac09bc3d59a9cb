import type { PipelineStatus } from '../state.ts';

/** States that a client may post. */
export const postedStates = ['pending', 'running', 'success', 'failed', 'canceled', 'skipped'] as const;

/** One of them. */
export type PostedState = (typeof postedStates)[number];

/** The next state, or the event that cannot happen now. */
export type Transition = { readonly status: PipelineStatus } | { readonly impossible: string };

const unfinished: readonly PipelineStatus[] = ['created', 'pending', 'running'];

/** Each event of the server's state machine: where it may start and where it leads. */
const events = {
  enqueue: { from: ['created', 'skipped'], to: 'pending' },
  run: { from: ['pending'], to: 'running' },
  success: { from: unfinished, to: 'success' },
  drop: { from: unfinished, to: 'failed' },
  cancel: { from: unfinished, to: 'canceled' },
  skip: { from: ['created', 'pending'], to: 'skipped' },
} as const satisfies Record<
  string,
  { readonly from: readonly PipelineStatus[]; readonly to: PipelineStatus }
>;

/** Applies a posted state (specs git-hosts 3.5 step 7). `running` is enqueue, where possible, and run. */
export function transition(current: PipelineStatus, posted: PostedState): Transition {
  switch (posted) {
    case 'pending':
      return fire(current, 'enqueue');
    case 'running': {
      const enqueued = fire(current, 'enqueue');
      return fire('status' in enqueued ? enqueued.status : current, 'run');
    }
    case 'success':
      return fire(current, 'success');
    case 'failed':
      return fire(current, 'drop');
    case 'canceled':
      return fire(current, 'cancel');
    case 'skipped':
      return fire(current, 'skip');
    default:
      throw new Error(`unknown state ${String(posted satisfies never)}`);
  }
}

function fire(current: PipelineStatus, event: keyof typeof events): Transition {
  const { from, to } = events[event];
  const allowed: readonly PipelineStatus[] = from;
  if (allowed.includes(current)) return { status: to };
  return {
    impossible: `Cannot transition status via :${event} from :${current} (Reason(s): Status cannot transition via "${event}")`,
  };
}
