/**
 * Whether a text may hold a pipeline in any format: a cheap look before parsing, so that a repository's other YAML
 * and JSON stays unread.
 */
export function mayBePipeline(text: string): boolean {
  return (
    looksLikePipeline(text) ||
    /pipelines\.kubeflow\.org|argoproj\.io|deployment_?[sS]pec|executor_?[lL]abel/.test(text)
  );
}

/** Whether a text that cannot be parsed was meant as KFP v2 IR: it has the compiler's comment or its field names. */
export function looksLikePipeline(text: string): boolean {
  if (/PIPELINE DEFINITION|\bpipelineInfo\b|\bpipeline_info\b/.test(text)) return true;
  return /\bschemaVersion\b/.test(text) && /\bdeploymentSpec\b/.test(text);
}
