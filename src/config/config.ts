import type { z } from 'zod';
import type { createConfigSchema } from './schema.ts';

/** Readonly all the way down; secrets, which are functions, stay what they are. */
type Frozen<T> = T extends (...parameters: never[]) => unknown
  ? T
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** The file's settings, checked, defaults filled in. Durations are milliseconds, sizes bytes, secrets functions. */
export type Settings = Frozen<z.output<ReturnType<typeof createConfigSchema>>>;

/** The server's configuration. */
export type Config = Omit<Settings, 'listen' | 'gate'> & {
  readonly listen: Settings['listen'] & { readonly publicUrl: string };
  readonly gate: Settings['gate'] & { readonly cacheDirectory: string };
  /** What whoever runs the server should be told at its start, one sentence each. */
  readonly notes: readonly string[];
};

/** One Git host. */
export type HostConfig = Config['hosts'][number];

/** One data remote and the repositories that it is for. */
export type RemoteConfig = Config['remotes'][number];

/** One production target. */
export type EnvironmentConfig = Config['environments'][string];
