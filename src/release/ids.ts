import { createHash } from 'node:crypto';
import { lineKey, type Candidate, type LineId } from '../domain/release.ts';
import { shortSha, type Repository } from '../domain/repository.ts';

/** The id of an attempt: made again from nothing, it is the same. */
export function releaseIdOf(
  line: LineId,
  { commit, attempt }: Pick<Candidate, 'commit' | 'attempt'>,
): string {
  return digest(['release', lineKey(line), commit, String(attempt)]).slice(0, 24);
}

/** Attempts of one commit that are looked for; more of one are people's doing. */
export const mostAttempts = 20;

/** The attempt at the commit that has the id; undefined: none has. */
export function attemptWithId(line: LineId, commit: Candidate['commit'], id: string): number | undefined {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1)
    if (releaseIdOf(line, { commit, attempt }) === id) return attempt;
  return undefined;
}

/** What an attempt is called on Kubeflow. All of it follows from the attempt, so that it is found again. */
export interface TrainingNames {
  readonly pipeline: string;
  readonly version: string;
  readonly experiment: string;
  readonly runId: string;
}

/**
 * Names on Kubeflow: a pipeline and an experiment for each repository and environment, a version for each commit and
 * content, a run for each attempt (specs kubeflow-kserve 3.8). Lengths: pipeline ≤ 128, version ≤ 127 (3.7).
 */
export function trainingNames(
  {
    line,
    repository,
    commit,
    attempt,
  }: Candidate & { readonly line: LineId; readonly repository: Repository },
  pipelineDigest: string,
): TrainingNames {
  const readable = repository.path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  const name = `${readable}-${line.environment.slice(0, 40)}-${digest([lineKey(line)]).slice(0, 8)}`;
  return {
    pipeline: name,
    version: `${shortSha(commit)}-${pipelineDigest.slice(0, 12)}`,
    experiment: name,
    runId: uuid(['run', lineKey(line), commit, pipelineDigest, String(attempt)]),
  };
}

/** The namespace of our run ids: a random UUID, fixed for ever. */
const namespace = Buffer.from('6f1c2f3e0a5b4d7e9c8812b3d4a5f607', 'hex');

/** A name-based UUID of version 5 (RFC 9562, 5.5). */
function uuid(parts: readonly string[]): string {
  const hash = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

/** SHA-256 in hex of the parts; no two lists of parts have the same text. */
export function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
