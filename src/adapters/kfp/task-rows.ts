import { z } from 'zod';
import type { RunState } from '../../domain/training.ts';
import { toRunState, toTime } from './run-state.ts';

/** One row of `task_details`: an Argo node, whether people wrote it or not (specs kubeflow-kserve 4.2). */
export interface TaskRow {
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  readonly started: string | undefined;
  readonly finished: string | undefined;
  readonly parent: string | undefined;
  /** Ids of the Argo nodes that follow: what is inside of a DAG, or what waited for a pod. */
  readonly children: readonly string[];
  /** Its pod, where the server tells. */
  readonly pod: string | undefined;
}

const text = z.string().nullish().catch(undefined);

const Row = z.object({
  task_id: text,
  display_name: z.string().min(1),
  state: text,
  start_time: text,
  end_time: text,
  parent_task_id: text,
  pod_name: text,
  child_tasks: z
    .array(z.object({ pod_name: text }))
    .nullish()
    .catch(undefined),
});

/** Reads the rows; what is no row is passed over, because a run is worth more than its decoration. */
export function readRows(rows: readonly unknown[]): readonly TaskRow[] {
  return rows.flatMap((row, index) => {
    const read = Row.safeParse(row);
    if (!read.success) return [];
    const { data } = read;
    return {
      id: data.task_id || `row ${index}`,
      name: data.display_name,
      state: toRunState(data.state),
      started: toTime(data.start_time),
      finished: toTime(data.end_time),
      parent: data.parent_task_id || undefined,
      children: (data.child_tasks ?? []).flatMap((child) => child.pod_name || []),
      pod: data.pod_name || undefined,
    };
  });
}
