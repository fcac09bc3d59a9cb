/** A node of a workflow; `at` is its names below the workflow, joined by dots, and empty for the workflow. */
export interface ArgoNode {
  readonly at: string;
  readonly state?: string;
  /** Seconds. */
  readonly from?: number;
  readonly to?: number;
  /** What follows, as Argo links nodes. */
  readonly next?: readonly string[];
  readonly pod?: string;
}

/** The rows that a server makes of a workflow's nodes (specs kubeflow-kserve 4.2). */
export function argoRows(
  workflow: string,
  nodes: readonly ArgoNode[],
  { parents = false, opaque = false }: { readonly parents?: boolean; readonly opaque?: boolean },
) {
  const full = (at: string): string => (at === '' ? workflow : `${workflow}.${at}`);
  const id = (at: string): string => {
    if (opaque) return `node:${at}`;
    return at === '' ? workflow : `${workflow}-${fnv1a(full(at))}`;
  };
  return nodes.map((node) => ({
    run_id: '7a9d1f6e-0000-4000-8000-000000000000',
    task_id: `task:${full(node.at)}`,
    display_name: full(node.at).split('.').at(-1) ?? '',
    create_time: '2026-05-04T10:00:00Z',
    start_time: timeOf(node.from),
    end_time: timeOf(node.to),
    ...(node.state !== '' && { state: node.state ?? 'SUCCEEDED' }),
    ...(parents &&
      node.at !== '' && { parent_task_id: `task:${full(node.at).split('.').slice(0, -1).join('.')}` }),
    ...(node.pod !== undefined && { pod_name: node.pod }),
    child_tasks: (node.next ?? []).map((at) => ({ pod_name: id(at) })),
  }));
}

function timeOf(second: number | undefined): string {
  if (second === undefined) return '0001-01-01T00:00:00Z';
  return new Date(Date.UTC(2026, 4, 4, 10, 0, second)).toISOString().replace('.000Z', 'Z');
}

function fnv1a(text: string): number {
  const prime = 16777619n;
  let hash = 2166136261n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(32, (hash ^ BigInt(byte)) * prime);
  return Number(hash);
}
