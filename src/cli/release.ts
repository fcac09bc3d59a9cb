import { parseArgs } from 'node:util';
import type { OperationsAtHand } from '../compose/operate.ts';
import { lineKey } from '../domain/release.ts';
import { shortSha } from '../domain/repository.ts';
import { UserError } from '../errors.ts';
import { oneLine } from '../report/text.ts';
import { act, actionOptions, unknownAction, type Outcome } from './act.ts';
import { actorOf } from './actor.ts';
import type { RunCommand } from './command.ts';
import { releaseHelp } from './release/help.ts';
import { listText } from './release/list-text.ts';
import { showText } from './release/show-text.ts';

const listed = 20;

interface Wanted {
  /** The line or release that is meant; empty for `list` alone. */
  readonly named: string;
  readonly reason: string;
  readonly actor: string;
}

type Action = (at: OperationsAtHand, wanted: Wanted) => Promise<Outcome>;

const actions: Readonly<Record<string, Action>> = { list, show, retry, hold, resume };

/** `modelgate release` */
export const runRelease: RunCommand = async (argv, terminal) => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: actionOptions,
  });
  if (values.help === true) {
    terminal.stdout.write(releaseHelp);
    return 0;
  }
  const [name = 'list', named, ...tooMany] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  const takesName = name !== 'list';
  if (action === undefined || tooMany.length > 0 || (named !== undefined && !takesName))
    throw unknownAction(positionals, releaseHelp);
  if (takesName && (named === undefined || named.trim() === '')) {
    const what = { hold: 'a LINE', resume: 'a LINE or a RELEASE' }[name] ?? 'a RELEASE';
    throw new UserError('usage', `${name} needs ${what}`, 'modelgate release list shows lines and releases.');
  }
  const wanted = { named: named ?? '', reason: values.reason?.trim() ?? '', actor: actorOf(terminal) };
  if (name === 'hold' && wanted.reason === '') {
    const remedy = 'Give it with --reason: everybody who waits for a release reads it.';
    throw new UserError('usage', 'a hold needs a reason', remedy);
  }
  return act((at) => action(at, wanted), { config: values.config, json: values.json }, terminal);
};

async function list({ releases, now }: OperationsAtHand): Promise<Outcome> {
  const [lines, found] = await Promise.all([releases.lines(), releases.list(listed)]);
  return { json: { lines, releases: found }, text: listText(lines, found, now()) };
}

async function show({ releases, runUrl }: OperationsAtHand, { named }: Wanted): Promise<Outcome> {
  const release = await releases.find(named);
  const lines = await releases.lines();
  const line = lines.find((other) => lineKey(other.line) === lineKey(release.line));
  const run = release.training?.serverRunId;
  const url = run === undefined ? undefined : runUrl(release.line.environment, run);
  return { json: { release, line, runUrl: url }, text: showText(release, line, url) };
}

async function retry({ releases }: OperationsAtHand, { named, ...deed }: Wanted): Promise<Outcome> {
  const { commit, attempt } = await releases.retry(named, deed);
  const text = `Attempt ${attempt} at ${shortSha(commit)} begins as soon as its line is free and a worker of the role release is there.\n`;
  return { json: { commit, attempt }, text };
}

async function hold({ releases }: OperationsAtHand, { named, ...deed }: Wanted): Promise<Outcome> {
  const inForce = await releases.hold(named, deed);
  if (inForce.actor === deed.actor && inForce.reason === deed.reason) {
    const text = `Held: nothing begins there, and nothing more is done for what is under way, until modelgate release resume ${oneLine(named)}.\n`;
    return { json: inForce, text };
  }
  const text = `It is held already, by ${oneLine(inForce.actor)}: ${oneLine(inForce.reason)}\nThe reason was not changed; for another one modelgate release resume first.\n`;
  return { json: inForce, text, code: 1 };
}

async function resume({ releases }: OperationsAtHand, { named, ...deed }: Wanted): Promise<Outcome> {
  const resumed = await releases.resume(named, deed);
  const what = resumed.releaseId === undefined ? lineKey(resumed.line) : `release ${resumed.releaseId}`;
  return { json: resumed, text: `The ${resumed.releaseId === undefined ? 'line ' : ''}${what} goes on.\n` };
}
