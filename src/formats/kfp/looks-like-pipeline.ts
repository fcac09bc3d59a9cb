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

/**
 * Whether a text that cannot be parsed, or was cut off, was meant as KFP v2 IR: it has the compiler's comment or names
 * of fields that nobody else uses (specs kubeflow-kserve 1.1). `schemaVersion` alone is no mark: others have it too.
 */
export function looksLikePipeline(text: string): boolean {
  if (/PIPELINE DEFINITION|\bpipelineInfo\b|\bpipeline_info\b|\bexecutor_?[lL]abel\b/.test(text)) return true;
  if (/\bsdk_?[vV]ersion\b["']?\s{0,20}:\s{0,20}["']?kfp\b/.test(text)) return true;
  return /\bdeployment_?[sS]pec\b/.test(text) && /\bschema_?[vV]ersion\b|\bexecutors\b/.test(text);
}
