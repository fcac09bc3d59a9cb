import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultTiming } from '../../compose/timing.ts';
import { serve, type Running } from '../../compose/serve.ts';
import { serving } from './kubernetes.ts';

/** What the service and the stand-ins agree on. */
export const secrets = {
  GITLAB_TOKEN: 'glpat-demo-modelgate',
  HOOK_SECRET: 'demo-hook-secret',
  S3_KEY: 'demo-access-key',
  S3_SECRET: 'demo-secret-key',
};

/** Buckets of the data, and of the models. */
export const buckets = { data: 'auto-mpg', models: 'models' } as const;

/** The addresses of the stand-ins, and where the service keeps its files. */
export interface ServiceSetup {
  readonly root: string;
  readonly log: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
  readonly gitlab: string;
  readonly s3: string;
  readonly kubeflow: string;
  readonly kubernetes: string;
}

/** A second for what takes a server ten: there is no cluster that has to be spared. */
const timing = {
  release: { ...defaultTiming.release, pollMs: [300, 300] as const, stableMs: 1000 },
};

/** The service with a private Redis; it looks again for data after two seconds instead of thirty. */
export async function startService(
  setup: ServiceSetup,
): Promise<{ readonly running: Running; flush(): Promise<void> }> {
  const { root, log, env, stop } = setup;
  const config = join(root, 'modelgate.yaml');
  await writeFile(config, configText(setup));
  const file = createLog(log);
  const { PATH, MODELGATE_REDIS_SERVER, REDIS_URL, TMPDIR } = env;
  const surroundings = {
    env: { PATH, MODELGATE_REDIS_SERVER, REDIS_URL, TMPDIR, ...secrets },
    cwd: root,
    home: root,
    writeLog: (line: string) => file.write(line),
  };
  const running = await serve({ config, withWorker: true, stop, timing }, surroundings);
  const exported = { MODELGATE_CONFIG: config, REDIS_URL: running.redisUrl, ...secrets };
  const lines = Object.entries(exported).map(([name, value]) => `export ${name}='${value}'\n`);
  await writeFile(join(root, 'env'), lines.join(''), { mode: 0o600 });
  return { running, flush: () => file.flush() };
}

function configText({ root, gitlab, s3, kubeflow, kubernetes }: ServiceSetup): string {
  const access = `endpoint: ${s3}, credentials: { accessKeyId: "\${S3_KEY}", secretAccessKey: "\${S3_SECRET}" }`;
  return `
listen: { port: 0 }
hosts:
  - id: gitlab
    kind: gitlab
    url: ${gitlab}
    token: \${GITLAB_TOKEN}
    webhookSecrets: ["\${HOOK_SECRET}"]
    repositories: ["ml/*"]
remotes:
  - { url: "s3://${buckets.data}/dvc/", repositories: ["ml/auto-mpg"], ${access} }
environments:
  prod:
    repositories: ["ml/auto-mpg"]
    kubeflow: { url: "${kubeflow}", namespace: kubeflow }
    publish: s3://${buckets.models}/serving/
    handover: s3://${buckets.models}/handover/
    stores:
      - { url: "s3://${buckets.models}/", ${access} }
    kserve: { namespace: ${serving.namespace}, services: ["${serving.service}"], cluster: { url: "${kubernetes}" } }
recheck: { after: [2s, 2s, 5s], then: 10s, until: 1h }
gate: { cacheDirectory: ${join(root, 'cache')} }
`;
}

/** Lines that come together are written together. */
function createLog(file: string): { write(line: string): void; flush(): Promise<void> } {
  const lines: string[] = [];
  let writing = Promise.resolve();
  const flush = (): Promise<void> => {
    const batch = lines.splice(0).join('');
    writing = writing.then(() => (batch === '' ? undefined : writeFile(file, batch, { flag: 'a' })));
    return writing;
  };
  const write = (line: string): void => {
    if (lines.push(line) === 1) setImmediate(() => void flush());
  };
  return { write, flush };
}
