import type { CommitStatus, MergeRequest } from '../../sandbox/gitlab/state.ts';
import { createPalette } from '../../report/colour.ts';
import type { Places } from './places.ts';
import { car } from './predict.ts';

/** Tells the story to whoever watches. */
export interface Narrator {
  places(places: Places): void;
  step(text: string): void;
  waiting(mergeRequest: MergeRequest): void;
  status(status: CommitStatus, ms: number): void;
  /** A commit is on the branch now. */
  merged(sha: string): void;
  /** A step of a commit on its way to production. */
  progress(line: string, ms: number): void;
  /** What the commit's status says when it is there, or does not get there. */
  production(status: CommitStatus, ms: number): void;
  fact(name: string, value: string): void;
  /** The comment as it stands below the merge request. */
  comment(markdown: string): void;
  done(): void;
  lookAround(places: Places): void;
}

/** Plain text, with colours on a terminal only. */
export function createNarrator(
  out: { write(text: string): unknown; readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Narrator {
  const paint = createPalette(out.isTTY === true && (env['NO_COLOR'] ?? '') === '');
  const say = (text = ''): void => void out.write(`${text}\n`);
  let steps = 0;
  return {
    places({ gitlab, store, kubeflow, kubernetes, modelgate }) {
      say(paint.bold('modelgate demo'));
      say('Everything runs on this machine and is thrown away at the end.');
      say();
      say(`  GitLab (stand-in)      ${gitlab}`);
      say(`  S3 store (stand-in)    ${store}`);
      say(`  Kubeflow (stand-in)    ${kubeflow}`);
      say(`  KServe (stand-in)      ${kubernetes}`);
      say(`  modelgate              ${modelgate}`);
      say();
      say(
        'Kubeflow does not run the Python of the pipeline here: in its place a linear regression is trained on the',
      );
      say(
        'data of the commit, and served. Everything that modelgate does is what it does elsewhere, asking more often.',
      );
    },
    step(text) {
      steps += 1;
      say();
      say(paint.bold(`${steps}. ${text}`));
    },
    waiting: ({ iid, title }) => say(`   merge request !${iid} "${title}"`),
    status({ status, description, targetUrl }, ms) {
      const good = status === 'success';
      const mark = good ? paint.green('✔ passed') : paint.red('✘ refused');
      say(`   ${mark} after ${(ms / 1000).toFixed(1)} s: ${description ?? ''}`);
      say(`   details: ${targetUrl ?? ''}`);
    },
    merged: (sha) => say(`   main is ${sha.slice(0, 8)}; on its way to production:`),
    progress: (line, ms) => say(`   ${(ms / 1000).toFixed(1).padStart(5)} s  ${line}`),
    production({ status, description, targetUrl }, ms) {
      const mark = status === 'success' ? paint.green('✔') : paint.red('✘');
      say(`   ${mark} modelgate/production after ${(ms / 1000).toFixed(1)} s: ${description ?? ''}`);
      say(`   details: ${targetUrl ?? ''}`);
    },
    fact: (name, value) => say(`   ${`${name}:`.padEnd(12)} ${value}`),
    comment(markdown) {
      say('   the comment:');
      const lines = markdown
        .replace(/<!--[\s\S]*?-->/g, '')
        .trim()
        .split('\n');
      for (const line of lines) say(paint.dim(`   │ ${line}`));
    },
    done() {
      say();
      say(paint.green('That was the story.'));
    },
    lookAround({ modelgate, clone, credentials, mergeRequest, model, releases, log }) {
      say();
      say('Look around:');
      say(`  runs      ${modelgate}/`);
      say(`  releases  ${modelgate}/releases, or ${releases}`);
      say(`  model     curl -d '${car}' ${model}`);
      say(`  figures   ${modelgate}/metrics`);
      say(`  log       tail -f ${log}`);
      say('Play yourself: merge requests are judged, so push a branch and open one');
      say(`  git clone ${clone} && cd auto-mpg && git checkout -b mine`);
      say(`  export ${credentials}`);
      say(
        '  dvc pull; change data/auto-mpg.csv; dvc add, git commit, git push origin mine; dvc push turns it green',
      );
      say(`  ${mergeRequest}`);
      say('What is on main is released: push a change of .modelgate.yaml, the pipeline or the data there');
      say('  git push origin mine:main');
      say('Ctrl-C ends it.');
    },
  };
}
