import { join } from 'node:path';
import type { Project } from '../../sandbox/gitlab/state.ts';
import { serving } from './kubernetes.ts';
import { secrets } from './service.ts';

/** Where to look while the demo runs. */
export interface Places {
  readonly gitlab: string;
  readonly store: string;
  readonly kubeflow: string;
  readonly kubernetes: string;
  readonly modelgate: string;
  /** Where the served model is asked for predictions. */
  readonly model: string;
  /** For `git clone`, with the token of the demo's data scientist. */
  readonly clone: string;
  /** Variables that let `dvc push` reach the store. */
  readonly credentials: string;
  /** A command that opens a merge request for a branch called `mine`. */
  readonly mergeRequest: string;
  /** A command that lists the releases. */
  readonly releases: string;
  /** The service's own log. */
  readonly log: string;
}

/** Everything that was started, as people reach it. */
export function placesOf(of: {
  readonly gitlab: string;
  readonly s3: string;
  readonly kubeflow: string;
  readonly kubernetes: string;
  readonly gateway: string;
  readonly modelgate: string;
  readonly log: string;
  readonly root: string;
  readonly project: Project;
}): Places {
  const { gitlab, s3, kubeflow, kubernetes, gateway, modelgate, log, root, project } = of;
  const { namespace, service } = serving;
  const ada = 'glpat-demo-ada';
  return {
    gitlab,
    store: s3,
    kubeflow,
    kubernetes,
    modelgate,
    model: `${gateway}/serving/${namespace}/${service}/v1/models/${service}:predict`,
    clone: `${gitlab.replace('://', `://ada:${ada}@`)}/${project.path}.git`,
    credentials: `AWS_ENDPOINT_URL=${s3} AWS_ACCESS_KEY_ID=${secrets.S3_KEY} AWS_SECRET_ACCESS_KEY=${secrets.S3_SECRET}`,
    mergeRequest: `curl -H 'PRIVATE-TOKEN: ${ada}' -d source_branch=mine -d target_branch=main -d title=Mine ${gitlab}/api/v4/projects/${project.id}/merge_requests`,
    releases: `(. ${word(join(root, 'env'))}; ${word(process.execPath)} ${word(process.argv[1] ?? 'modelgate')} release list)`,
    log,
  };
}

/** A path as a shell takes it for one word. */
function word(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
