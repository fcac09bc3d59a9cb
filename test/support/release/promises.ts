import type { Platform } from './platform.ts';
import { sha256 } from './fates.ts';

/** What is promised whatever goes wrong, and what was seen of it. */
export interface Promises {
  /** A run of this id belongs to this attempt. */
  expect(runId: string, releaseId: string): void;
  look(): Promise<void>;
  /** What was broken, one sentence each. */
  readonly broken: readonly string[];
  /** Models that were in service, in order, each once in a row; `nothing` where there was none. */
  readonly served: readonly string[];
}

/** Looks at the platform after every job: what is there now, and what was there before. */
export function watchPromises(platform: Platform): Promises {
  const broken: string[] = [];
  const served: string[] = [];
  const attempts = new Map<string, string>();

  /** Two Workflows of one run train twice, and both report into it. */
  function lookAtRuns(): void {
    const byRun = new Map<string, number>();
    for (const { labels } of platform.kubeflow.workflows()) {
      const runId = labels['pipeline/runid'] ?? '';
      byRun.set(runId, (byRun.get(runId) ?? 0) + 1);
    }
    for (const [runId, count] of byRun) {
      if (count > 1)
        broken.push(`${count} runs at once for the attempt ${attempts.get(runId) ?? '?'} (${runId})`);
      if (!attempts.has(runId)) broken.push(`a run that belongs to no attempt: ${runId}`);
    }
  }

  async function lookAtService(): Promise<void> {
    const service = platform.kubernetes.get('inferenceservices', 'serving', 'auto-mpg');
    const uri = textAt(service, 'spec', 'predictor', 'model', 'storageUri');
    if (served.at(-1) === (uri ?? 'nothing')) return;
    served.push(uri ?? 'nothing');
    if (uri === undefined) return;
    if (uri.startsWith('s3://models/serving/')) broken.push(...(await unpublished(uri)));
  }

  /** What is wrong with the publication that an address stands for. */
  async function unpublished(uri: string): Promise<readonly string[]> {
    const manifest = await platform.read(`${uri.replace(/\/$/, '')}.json`);
    if (manifest === undefined) return [`in service without being published: ${uri}`];
    const wrong: string[] = [];
    const { files }: { readonly files: readonly { readonly path: string; readonly sha256: string }[] } =
      JSON.parse(manifest.toString());
    for (const file of files) {
      const content = await platform.read(`${uri}${file.path}`);
      if (content === undefined || sha256(content) !== file.sha256)
        wrong.push(`in service and not as published: ${uri}${file.path}`);
    }
    return wrong;
  }

  return {
    broken,
    served,
    expect: (runId, releaseId) => void attempts.set(runId, releaseId),
    async look() {
      lookAtRuns();
      await lookAtService();
    },
  };
}

/** The text at a path of any value; undefined: there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
  return typeof found === 'string' ? found : undefined;
}
