import { z } from 'zod';
import { fitsTogether } from './check-environment.ts';
import type { Fields } from './fields.ts';
import { branchPattern, httpUrl, identifier, namePattern, path, remoteUrl, wholeNumber } from './kinds.ts';
import { repositories } from './schema-hosts.ts';
import { reach } from './schema-reach.ts';

/** One production target. */
export function environment(f: Fields) {
  const fields = z.strictObject({
    repositories: repositories(f, 'Repositories whose policy may name this environment.'),
    branches: z
      .array(
        f.required(branchPattern, { about: 'Name of a branch, `*` for any part.', example: 'production' }),
        {
          error: 'expected a list of names of branches, for example ["production"]',
        },
      )
      .default([])
      .describe(
        "Branches that may be released to this environment beside the repository's default branch. Whoever may push to one of them may release.",
      ),
    releasesPerDay: f.withDefault(wholeNumber(1, 1000), 10, {
      about:
        'Releases that may begin within 24 hours; the next one holds the environment until people resume it.',
    }),
    kubeflow: kubeflow(f).optional().describe('Where production pipelines run.'),
    kserve: kserve(f).optional().describe('Where models are rolled out.'),
    publish: f.optional(remoteUrl, {
      about: 'Prefix that models are published below, `s3://…`. Nothing is written anywhere else.',
      example: 's3://models/serving/',
    }),
    handover: f.optional(remoteUrl, {
      about:
        'Prefix below which runs write their manifests, as `<run id>.json`; the parameter `${manifest}` of a run names the address. Default: `handover/` below `publish`.',
      example: 's3://mlpipeline/handover/',
    }),
    stores: z
      .array(
        z.strictObject({
          url: f.required(remoteUrl, {
            about: 'Bucket and path prefix up to a slash.',
            example: 's3://models/',
          }),
          ...reach(f, 'Below `publish` writing is needed, elsewhere reading is enough.'),
        }),
      )
      .default([])
      .describe(
        'Where runs put models and manifests, and how the places of `publish` and `handover` are asked: both lie below one of them. The longest `url` counts; data remotes of the repository may be read as well. Without any, `default` credentials ask for both.',
      ),
    prometheus: f.optional(httpUrl, {
      about: 'Address of Prometheus. This version does not ask it yet.',
      example: 'http://prometheus:9090',
    }),
  });
  return fields.superRefine(fitsTogether);
}

function kubeflow(f: Fields) {
  return z.strictObject({
    url: f.required(httpUrl, {
      about: 'Address of the Kubeflow Pipelines API, without `/apis`.',
      example: 'http://ml-pipeline.kubeflow:8888',
    }),
    namespace: f.required(identifier(63), { about: 'Namespace that runs belong to.', example: 'ml' }),
    serviceAccount: f.optional(identifier(253), {
      about: 'Service account that runs work as.',
      example: 'pipeline-runner',
    }),
    pipelineRoot: f.optional(remoteUrl, {
      about: "Where runs keep their artifacts; without it the platform's default.",
      example: 's3://mlpipeline/auto-mpg/',
    }),
    token: f
      .secret({
        about:
          'Bearer token. A projected service-account token is a file, which is read again for each request: `file:/var/run/secrets/kubeflow/pipelines/token`. Without it nothing is presented.',
      })
      .optional(),
    ui: f.optional(httpUrl, {
      about: 'Address of the Kubeflow Pipelines pages as people open it; links to runs start with it.',
      example: 'https://kubeflow.example.com/pipeline',
    }),
    ca: f.certificates('Certificates to trust instead of the built-in ones.'),
  });
}

function kserve(f: Fields) {
  return z.strictObject({
    namespace: f.required(identifier(63), {
      about: 'Namespace of the InferenceServices.',
      example: 'serving',
    }),
    services: z
      .array(f.required(namePattern, { about: 'Name pattern of an InferenceService.', example: 'auto-*' }))
      .min(1, 'is empty; expected at least one name pattern, for example ["auto-*"]')
      .describe('InferenceServices that may be changed.'),
    serviceAccount: f.optional(identifier(253), {
      about: 'Service account of predictors that are created here: it may read the published models.',
      example: 'models-reader',
    }),
    kubeconfig: f.optional(path, {
      about:
        'How the cluster is reached; its current context counts. Without it and `cluster`: the service account of the pod.',
      example: '/etc/modelgate/kubeconfig',
    }),
    cluster: z
      .strictObject({
        url: f.required(httpUrl, { about: 'Address of the API server.', example: 'https://10.0.0.1:6443' }),
        token: f.secret({ about: 'Bearer token; a file is read again for each request.' }).optional(),
        ca: f.certificates('Certificates to trust instead of the built-in ones.'),
      })
      .optional()
      .describe('How the cluster is reached, instead of `kubeconfig`.'),
    gateway: f.optional(httpUrl, {
      about:
        "Where predictions are asked, with the host name of the service's address as `Host`; without it at the service's own address.",
      example: 'http://istio-ingressgateway.istio-system',
    }),
  });
}
