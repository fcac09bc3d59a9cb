import type { CheckedOutput, RemoteOfOutput } from './model.ts';

/** The command that pushes an output: by its `.dvc` file, or by its own path where a pipeline makes it. */
export function pushCommand(node: CheckedOutput): string {
  return inRoot(node.root, push(node));
}

/** The command that brings an output from another remote to its own. */
export function copyCommand(node: CheckedOutput, from: string): string {
  return inRoot(node.root, `dvc fetch -r ${quoted(from)} ${targetOf(node)} && ${push(node)}`);
}

/** What tells whether the data at hand is what is recorded, and the command that writes the entry's numbers anew. */
export function recordCommands(node: CheckedOutput): { readonly status: string; readonly commit: string } {
  const target = targetOf(node);
  return {
    status: inRoot(node.root, `dvc status ${target}`),
    commit: inRoot(node.root, `dvc commit -f ${target}`),
  };
}

/**
 * How a version that is gone, or is another one, is replaced: while the metafile names a version, `dvc push` records no
 * other one, whether or not it uploads the data. Without it the push records version and size anew (seen with DVC 3.67).
 */
export function pushAsNewVersion(node: CheckedOutput): string {
  const { source, output } = node;
  const every = output.files === undefined ? '' : 'every ';
  return `delete ${every}cloud: (with the lines below it) of ${output.path} from ${source.path}, then ${pushCommand(node)}, then git add ${source.path} && git commit`;
}

function push(node: CheckedOutput): string {
  const { remote } = node;
  return `dvc push${remote.kind === 'remote' && !remote.isDefault ? ` -r ${quoted(remote.name)}` : ''} ${targetOf(node)}`;
}

function targetOf({ source, output, root }: CheckedOutput): string {
  const path =
    source.path.endsWith('.dvc') || output.target.kind !== 'inside' ? source.path : output.target.path;
  return quoted(root === '' ? path : path.slice(root.length + 1));
}

function inRoot(root: string, command: string): string {
  return root === '' ? command : `cd ${quoted(root)} && ${command}`;
}

/** A remote by name and url, as messages name it; where the url is not the committed one, with the file it is from. */
export function remoteName({ name, url, from }: Extract<RemoteOfOutput, { kind: 'remote' }>): string {
  return `remote \`${name}\` (${from === undefined ? url : `${url}, from ${from}`})`;
}

/** A size as people write it: `3.1 GB`. */
export function humanBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
