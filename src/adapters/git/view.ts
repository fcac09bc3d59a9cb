import { copyFile, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalRepository } from './find-repository.ts';
import { hardenedConfig, laptopEnvironment } from './hardening.ts';
import type { ConfigPairs } from './hardening.ts';
import { createGit, succeed } from './run-git.ts';
import type { Git } from './run-git.ts';

/**
 * A repository of our own in a temporary directory that borrows the objects of the person's repository. What we make
 * lands here; none of the person's hooks, filters and merge drivers is configured here, and nothing is fetched unasked.
 */
export interface View {
  readonly directory: string;
  readonly local: Git;
  /** Where the person's repository is a partial clone: git with its promisor remote and the person's credentials. */
  readonly network: { readonly git: Git; readonly remote: string } | undefined;
  /** Settings of the person that decide what their files are in git: line ends, modes, excludes. */
  readonly fileSettings: ConfigPairs;
  close(): Promise<void>;
}

/** Makes the view; `personal` is asked for settings. */
export async function openView(
  personal: Git,
  repository: LocalRepository,
  options: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
  temporary: string,
): Promise<View> {
  const directory = await mkdtemp(join(temporary, 'modelgate-'));
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const environment = { ...laptopEnvironment(options.environment), GIT_DIR: directory };
    const place = { directory: repository.root, environment, secrets: [] };
    const local = createGit({ ...place, config: hardenedConfig });
    const format = `--object-format=${repository.objectFormat}`;
    await succeed(
      local,
      { args: ['init', '--quiet', '--bare', '--template=', format, directory] },
      options.signal,
    );
    await borrow(repository, directory);
    const settings = await settingsOf(personal, options.signal);
    const remote = promisorOf(settings);
    const network = remote === undefined ? undefined : networkConfig(settings, remote);
    return {
      directory,
      local,
      network: network && remote ? { git: createGit({ ...place, config: network }), remote } : undefined,
      fileSettings: settings.filter(([key]) => fileSetting.test(key)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Objects by reference; the small files that decide what history and files mean are copied. */
async function borrow(repository: LocalRepository, directory: string): Promise<void> {
  await mkdir(join(directory, 'objects', 'info'), { recursive: true });
  await writeFile(join(directory, 'objects', 'info', 'alternates'), `${repository.objects}\n`);
  await copyIfThere(join(repository.commonDir, 'shallow'), join(directory, 'shallow'));
  for (const name of ['exclude', 'attributes']) {
    await copyIfThere(join(repository.commonDir, 'info', name), join(directory, 'info', name));
  }
  await copyIfThere(
    join(repository.gitDir, 'info', 'sparse-checkout'),
    join(directory, 'info', 'sparse-checkout'),
  );
  await copyIfThere(join(repository.gitDir, 'index'), join(directory, 'index'));
  for (const name of await readdir(repository.gitDir)) {
    // The larger part of a split index.
    if (name.startsWith('sharedindex.'))
      await copyIfThere(join(repository.gitDir, name), join(directory, name));
  }
}

/** With its time: by the time of the index git knows which files may have changed within its last second. */
async function copyIfThere(from: string, to: string): Promise<void> {
  const facts = await stat(from).catch(() => undefined);
  if (facts === undefined) return;
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
  await utimes(to, facts.atime, facts.mtime);
}

const fileSetting =
  /^core\.(?:autocrlf|eol|safecrlf|filemode|symlinks|ignorecase|precomposeunicode|excludesfile|attributesfile|sparsecheckout|sparsecheckoutcone)$/;

/** Every setting that applies in the person's repository, whichever file it comes from. */
async function settingsOf(personal: Git, signal: AbortSignal): Promise<ConfigPairs> {
  const output = await succeed(personal, { args: ['config', '--includes', '--list', '-z'] }, signal);
  const rows = output
    .toString('utf8')
    .split('\0')
    .filter((row) => row !== '');
  return rows.map((row) => {
    const border = row.indexOf('\n');
    return border === -1 ? [row, 'true'] : [row.slice(0, border), row.slice(border + 1)];
  });
}

function promisorOf(settings: ConfigPairs): string | undefined {
  for (const [key, value] of settings) {
    const remote = /^remote\.(.+)\.promisor$/.exec(key)?.[1];
    if (remote !== undefined && value === 'true') return remote;
  }
  return undefined;
}

/** What it takes to reach the promisor remote as the person's own git would. */
function networkConfig(settings: ConfigPairs, remote: string): ConfigPairs {
  const wanted = /^(?:credential\.|http\.|url\.|ssh\.|core\.(?:sshcommand|askpass|gitproxy)$)/;
  const ofRemote = [`remote.${remote}.url`, `remote.${remote}.proxy`, `remote.${remote}.promisor`];
  ofRemote.push(`remote.${remote}.partialclonefilter`);
  const schemes = ['https', 'http', 'ssh', 'git', 'file'].map(
    (name) => [`protocol.${name}.allow`, 'always'] as const,
  );
  const own = settings.filter(([key]) => wanted.test(key) || ofRemote.includes(key));
  return [...hardenedConfig, ['http.followRedirects', 'initial'], ...schemes, ...own];
}
