import { invalid } from '../refusal.ts';
import { readYamlDocuments } from '../yaml/read.ts';
import { isRecord, pipelineSpec, recordOf, unknownField, textOf } from './shapes.ts';

/** An uploaded pipeline: the specification and, where a second document brings it, the platform's part. */
export interface Package {
  /** `pipelineInfo.name`. */
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly platform: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Reads a package as the upload endpoints do: syntax, shape, schema version and name, and nothing of what the
 * parts refer to (specs kubeflow 0.1).
 * @throws Refusal 400
 */
export function readPackage(text: string): Package {
  const documents = parse(text);
  const specs = documents.filter(isPipelineSpec);
  const [spec, second] = specs;
  if (spec === undefined) throw invalid('unknown template format');
  if (second !== undefined) throw invalid('multiple pipeline specs provided');
  const version = textOf(spec['schemaVersion']);
  if (version !== '2.1.0')
    throw invalid(`KFP only supports schema version 2.1.0, but the pipeline spec has version ${version}`);
  const platforms = documents.filter(isKubernetesPlatform);
  if (platforms.length > 1) throw invalid('multiple platform specs provided');
  return { name: textOf(recordOf(spec['pipelineInfo'])['name']), spec, platform: platforms[0] };
}

function parse(text: string): readonly unknown[] {
  try {
    return readYamlDocuments(text);
  } catch (error) {
    throw invalid(`failed to parse pipeline spec YAML: ${error instanceof Error ? error.message : ''}`);
  }
}

function isPipelineSpec(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value) || unknownField(value, pipelineSpec) !== undefined) return false;
  const name = recordOf(value['pipelineInfo'])['name'];
  return typeof name === 'string' && name !== '' && isRecord(value['root']);
}

/** Any other document is dropped without a word. */
function isKubernetesPlatform(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value) || Object.keys(value).some((name) => name !== 'platforms')) return false;
  const kubernetes = recordOf(value['platforms'])['kubernetes'];
  const known = ['deploymentSpec', 'platform', 'config', 'pipelineConfig'];
  return isRecord(kubernetes) && Object.keys(kubernetes).every((name) => known.includes(name));
}
