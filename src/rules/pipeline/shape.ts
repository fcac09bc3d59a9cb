import type { DocumentKind } from '../../formats/kfp/classify.ts';
import type { PipelineDocument, PipelineFile } from '../../formats/kfp/pipeline-model.ts';
import type { Breach, RuleOn } from '../rule.ts';
import { at, atStart, toBreach } from './model.ts';
import type { PipelineNodes } from './model.ts';

/** The upload endpoint reads strictly and its answer names no field (specs kubeflow-kserve 2.1). */
export const shape: RuleOn<PipelineNodes, 'file'> = {
  id: 'pipeline/shape',
  summary:
    'A pipeline whose form Kubeflow refuses: an unknown or missing field, a wrong type, a wrong version or name',
  severity: 'error',
  profile: 'recommended',
  covers: ['F05', 'F06', 'F07', 'F08', 'F09', 'F10', 'F13', 'N01', 'R01', 'R02'],
  on: 'file',
  *check(file) {
    if (file.problems.length > 0) return;
    for (const document of file.documents) {
      for (const problem of document.problems) yield toBreach(file.source, problem);
    }
    yield* checkDocuments(file);
  },
};

/** Kinds that stand for a pipeline in a file that the policy names; `pipeline/legacy` speaks of the old ones. */
const pipelineKinds: ReadonlySet<DocumentKind> = new Set<DocumentKind>([
  'pipeline-spec',
  'pipeline-object',
  'pipeline-version-object',
  'argo-pipeline',
  'argo-workflow',
  'component-v1',
]);

function* checkDocuments(file: PipelineFile): Generator<Breach> {
  const { documents, source } = file;
  if (!documents.some((document) => pipelineKinds.has(document.kind))) {
    if (file.named) yield notAPipeline(file);
    return;
  }
  const objects = documents.some(
    ({ kind }) => kind === 'pipeline-object' || kind === 'pipeline-version-object',
  );
  if (objects || !documents.some(({ kind }) => kind === 'pipeline-spec')) return;
  for (const [index, document] of documents.entries()) {
    const { head, kind } = document;
    if (head === undefined) continue;
    if (documents.findIndex((other) => other.kind === kind) < index && kind !== 'other') {
      const message = `The file has a second ${nameOf(kind)}; Kubeflow refuses the upload.`;
      yield {
        at: at(source, head, ''),
        message,
        subject: `second ${kind}`,
        repair: 'put it into a file of its own',
      };
    } else if (kind !== 'pipeline-spec' && kind !== 'platform-spec') {
      yield dropped(file, document);
    }
  }
}

function notAPipeline(file: PipelineFile): Breach {
  const head = file.documents.find((document) => document.head !== undefined)?.head;
  const what = head === undefined ? 'The file is empty' : 'No document in this file is a pipeline';
  return {
    at: head === undefined ? atStart(file.source) : at(file.source, head, ''),
    message: `${what}, but the policy names it as one (pipelines); Kubeflow answers "unknown template format".`,
    subject: 'no pipeline',
    repair:
      'compile the pipeline into this file again, or take the file out of `pipelines` in .modelgate.yaml',
  };
}

function dropped(file: PipelineFile, document: PipelineDocument): Breach {
  const message =
    'Kubeflow does not know this document and drops it without a word, with the volumes, secrets and tolerations in it.';
  return {
    at: document.head === undefined ? atStart(file.source) : at(file.source, document.head, ''),
    message,
    subject: 'dropped document',
    repair:
      'the second document of a pipeline is a mapping `platforms:` with `kubernetes:` below; remove anything else',
  };
}

function nameOf(kind: DocumentKind): string {
  return kind === 'platform-spec' ? 'platform document' : 'pipeline';
}
