import { pipeline } from './story.ts';

export const pipelinePath = 'pipelines/production.yaml';

/** What a policy of these stories says of production. */
export interface ProductionWords {
  readonly environment?: string;
  readonly branch?: string;
  /** Further lines of `production`, indented by two. */
  readonly more?: string;
  /** The line `model`. */
  readonly model?: string;
  /** The InferenceService; that of the repository unless named. */
  readonly service?: string;
}

export const byManifest = '{ from: manifest, format: sklearn, file: model.pkl }';

/** The policy of a repository that is released. */
export function productionPolicy(name: string, words: ProductionWords = {}): string {
  const { environment = 'prod', branch = 'main', more = '', model = byManifest, service } = words;
  return `version: 1
metrics: { metrics.json: { rmse: { max: 4.0 } } }
production:
  branch: ${branch}
  environment: ${environment}
  pipeline: ${pipelinePath}
  parameters: { trigger: "\${trigger}", run: "\${run}", commit: "\${commit}", manifest: "\${manifest}" }
  triggers: { data: ["data/**", "*.dvc", "!model.*"], feature: ["pipelines/**"], maintenance: [".modelgate.yaml"] }
${more}  model: ${model}
  serving:
    service: ${service ?? `auto-${name}`}
    smoke:
      - { request: { instances: [[8, 307]] }, expect: { predictions: [17.5] }, tolerance: 0.5 }
`;
}

/** The files that make a repository one that is released; its pipeline has the repository's name. */
export function productionFiles(name: string, words: ProductionWords = {}): Readonly<Record<string, string>> {
  return {
    '.modelgate.yaml': productionPolicy(name, words),
    [pipelinePath]: pipeline.replace('name: auto-mpg', `name: ${name}`),
  };
}
