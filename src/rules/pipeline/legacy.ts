import type { PipelineDocument, PipelineFile } from '../../formats/kfp/pipeline-model.ts';
import type { RuleOn } from '../rule.ts';
import { at } from './model.ts';
import type { PipelineNodes } from './model.ts';

/** Formats of Kubeflow Pipelines 1: recognised, not judged (specs kubeflow-kserve 1.1, 2.9). */
export const legacy: RuleOn<PipelineNodes, 'file'> = {
  id: 'pipeline/legacy',
  summary: 'A pipeline in a format of Kubeflow Pipelines 1',
  severity: 'warning',
  profile: 'recommended',
  covers: ['A01', 'A04', 'A07'],
  on: 'file',
  *check(file) {
    for (const document of file.documents) {
      const answer = answerFor(document, file);
      if (answer === undefined || document.head === undefined) continue;
      yield { at: at(file.source, document.head, ''), message: answer, subject: document.kind, repair };
    }
  },
};

const repair =
  'compile the pipeline with the KFP SDK 2: kfp dsl compile --py pipeline.py --output pipeline.yaml';

/** A workflow that KFP did not write, and a component, are answered only where the policy calls them a pipeline. */
function answerFor(document: PipelineDocument, file: PipelineFile): string | undefined {
  if (document.kind === 'argo-pipeline' || (document.kind === 'argo-workflow' && file.named)) {
    return 'This is an Argo Workflow, the package format of Kubeflow Pipelines 1: modelgate does not look into it, and servers may refuse it (BLOCK_V1_PIPELINES).';
  }
  if (document.kind === 'component-v1' && file.named) {
    return 'This is a component of Kubeflow Pipelines 1, not a pipeline: it cannot be uploaded by itself.';
  }
  return undefined;
}
