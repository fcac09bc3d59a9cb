import type { ModelFile } from '../../../domain/model.ts';
import type { ModelSource } from '../../../domain/policy.ts';
import type { Release } from '../../../domain/release.ts';
import { readManifest } from '../../../formats/manifest/read-manifest.ts';
import type { Manifest } from '../../../formats/manifest/schema.ts';
import { manifestAddress } from '../../hand-over.ts';
import type { ReleaseWorld } from '../../world.ts';
import type { HandedOver } from './next.ts';

const manifestBytes = 1024 * 1024;

/** Reads the manifest of our run, and proves that it is of our run. */
export async function byManifest(
  release: Release,
  source: Extract<ModelSource, { readonly from: 'manifest' }>,
  world: ReleaseWorld,
  signal: AbortSignal,
): Promise<HandedOver> {
  const { runId = '' } = release.training ?? {};
  const address = manifestAddress(world.environment, runId);
  const bytes = await world.models.read(address, manifestBytes, signal);
  if (bytes === undefined)
    return {
      kind: 'missing',
      reason: `the run has succeeded, and wrote no manifest at ${address}. Let its last step write one there: the parameter "\${manifest}" gives the address, docs/releasing.md the format.`,
    };
  const read = readManifest(bytes);
  if (read.kind === 'broken') return wrong(`the manifest ${address} cannot be used: ${read.reason}`);
  const { manifest } = read;
  const { run, commit, format = source.format } = manifest;
  if (run !== runId) return wrong(`the manifest ${address} is of the run "${run}", not of ours (${runId})`);
  if (commit !== release.commit)
    return wrong(`the manifest ${address} is of the commit "${commit}", not of ${release.commit}`);
  if (format !== source.format)
    return wrong(
      `the manifest ${address} has a model of the format "${format}"; the policy says "${source.format}"`,
    );
  const files = filesOf(manifest);
  if (!files.some(({ path }) => path === source.file))
    return wrong(
      `the manifest ${address} names no file "${source.file}", which production.model.file of the policy asks for`,
    );
  return { kind: 'model', model: { format, files, metrics: manifest.metrics, told: address } };
}

function wrong(reason: string): HandedOver {
  return { kind: 'wrong', reason };
}

function filesOf({ files }: Manifest): readonly ModelFile[] {
  return files.map(({ path, uri, size, sha256, md5 }) => ({
    path,
    // Kubeflow's own word for an S3 store (specs kubeflow-kserve 4.4).
    from: uri.replace(/^minio:\/\//, 's3://'),
    size,
    digest:
      sha256 === undefined ? { algorithm: 'md5', value: md5 ?? '' } : { algorithm: 'sha256', value: sha256 },
  }));
}
