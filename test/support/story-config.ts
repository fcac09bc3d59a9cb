/** What a story changes about its service's configuration. */
export interface StoryConfig {
  /** Further lines of the configuration. */
  readonly config?: string;
  /** The group `recheck`; soon and often unless named. */
  readonly recheck?: string;
  /** The list `webhookSecrets`; those of the host unless named. */
  readonly webhookSecrets?: string;
}

interface Places {
  /** The entry of the list `hosts`. */
  readonly host: string;
  readonly s3: string;
  readonly root: string;
  readonly port: number;
}

/** The service's configuration as YAML; its secrets are variables. */
export function storyConfiguration({ host, s3, root, port }: Places, story: StoryConfig): string {
  return `
listen: { port: ${port} }
hosts:${host}
remotes:
  - url: s3://team-data/dvc/
    repositories: ["ml/*"]
    endpoint: ${s3}
    credentials: { accessKeyId: "\${S3_KEY}", secretAccessKey: "\${S3_SECRET}" }
recheck: ${story.recheck ?? '{ after: [200ms, 400ms, 1s], then: 2s, until: 1h }'}
gate: { cacheDirectory: ${root}/cache }
log: { level: debug }
${story.config ?? ''}`;
}
