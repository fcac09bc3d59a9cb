import { execFile } from 'node:child_process';
import { cp, mkdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readPairs, type Instruction, type Stage } from './read-dockerfile.ts';

const run = promisify(execFile);

/** What was made of a stage. */
export interface BuiltStage {
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly workdir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Commands that were not carried out, each with the reason. */
  readonly skipped: readonly string[];
}

/** Packages of the distribution are the machine's own: what they bring (git, certificates) is there already. */
const isForTheMachine = (command: string): boolean => command.startsWith('apt-get ');

/**
 * Carries out the instructions of all stages as plain commands below a folder, and resolves to the last stage. `allows`
 * says what of the context the build may see.
 */
export async function buildImage(
  stages: readonly Stage[],
  places: { readonly context: string; readonly folder: string; allows(file: string): boolean },
): Promise<BuiltStage> {
  const built = new Map<string, BuiltStage>();
  let last: BuiltStage | undefined;
  for (const [index, stage] of stages.entries()) {
    const state = { root: join(places.folder, String(index)), workdir: '/', env: {}, skipped: [] };
    last = await buildStage(stage, state, { ...places, built });
    if (stage.name !== undefined) built.set(stage.name, last);
  }
  if (last === undefined) throw new Error('no stage');
  return last;
}

interface Sources {
  readonly context: string;
  readonly built: ReadonlyMap<string, BuiltStage>;
  allows(file: string): boolean;
}

async function buildStage(stage: Stage, begun: BuiltStage, sources: Sources): Promise<BuiltStage> {
  let state = begun;
  await mkdir(state.root, { recursive: true });
  for (const instruction of stage.instructions) {
    const { keyword, text } = instruction;
    if (keyword === 'WORKDIR') {
      state = { ...state, workdir: text };
      await mkdir(join(state.root, text), { recursive: true });
    }
    if (keyword === 'ENV') state = { ...state, env: { ...state.env, ...readPairs(text) } };
    if (keyword === 'COPY') await copy(instruction, state, sources);
    if (keyword === 'RUN' && isForTheMachine(text)) state = { ...state, skipped: [...state.skipped, text] };
    if (keyword === 'RUN' && !isForTheMachine(text)) {
      const env = { ...process.env, npm_config_prefer_offline: 'true' };
      await run('sh', ['-c', text], { cwd: join(state.root, state.workdir), env, timeout: 240_000 });
    }
  }
  return state;
}

/** A folder's content goes into the target; a file goes below a target that ends at a slash. */
async function copy({ text, flags }: Instruction, state: BuiltStage, sources: Sources): Promise<void> {
  const words = text.split(' ');
  const target = words.pop() ?? '';
  for (const word of words) {
    const stage = flags['from'] === undefined ? undefined : sources.built.get(flags['from']);
    if (stage === undefined && !sources.allows(word)) throw new Error(`.dockerignore hides ${word}`);
    const source = stage === undefined ? join(sources.context, word) : join(stage.root, word);
    const isFolder = (await stat(source)).isDirectory();
    const to = join(
      state.root,
      state.workdir,
      target,
      isFolder || !target.endsWith('/') ? '' : basename(word),
    );
    await mkdir(dirname(to), { recursive: true });
    await cp(source, to, { recursive: true, verbatimSymlinks: true });
  }
}
