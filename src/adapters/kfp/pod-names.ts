/**
 * Argo calls a pod after its template, `<workflow>-<template>-<hash>`, where the id of the node is `<workflow>-<hash>`;
 * up to 3.3, and where it is told to, the id is the name. The templates are those that the server compiles to.
 */
const templates = {
  executor: ['system-container-impl', 'retry-system-container-impl'],
  driver: ['system-container-driver', 'system-dag-driver'],
} as const;

/** What a pod does. */
export type PodRole = keyof typeof templates;

const nodeId = /^(.+)-(\d{1,10})$/;
const podName =
  /^(.+?)-((?:retry-)?system-container-impl|system-container-driver|system-dag-driver)-(\d{1,10})$/;

/** The likeliest name of the pod of an Argo node. */
export function podOf(id: string, role: PodRole): string {
  const [, workflow, hash] = nodeId.exec(id) ?? [];
  return workflow === undefined || podName.test(id) ? id : `${workflow}-${templates[role][0]}-${hash}`;
}

/** All names that the pod may have, the likeliest first, the id of its node last. */
export function podNames(pod: string): readonly string[] {
  const [, workflow, template, hash] = podName.exec(pod) ?? [];
  if (workflow === undefined || template === undefined) return [pod];
  const role: PodRole = template.endsWith('-driver') ? 'driver' : 'executor';
  const others = templates[role].map((other) => `${workflow}-${other}-${hash}`);
  return [...new Set([pod, ...others, `${workflow}-${hash}`])];
}
