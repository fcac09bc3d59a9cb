import { parseArgs } from 'node:util';
import type { OperationsAtHand } from '../compose/operate.ts';
import { symptomsOf } from '../domain/symptoms.ts';
import { UserError } from '../errors.ts';
import { oneLine, plural } from '../report/text.ts';
import { act, actionOptions, unknownAction, type Outcome } from './act.ts';
import { actorOf } from './actor.ts';
import type { RunCommand } from './command.ts';
import { jobsHelp } from './jobs/help.ts';
import { auditText, failedText, stateText, workersText } from './jobs/tables.ts';

const listed = 100;

interface Wanted {
  readonly key: string | undefined;
  readonly all: boolean;
  readonly reason: string;
  readonly actor: string;
}

type Action = (at: OperationsAtHand, wanted: Wanted) => Promise<Outcome>;

const actions: Readonly<Record<string, Action>> = { state, failed, retry, pause, resume, workers, audit };

/** `modelgate jobs` */
export const runJobs: RunCommand = async (argv, terminal) => {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { ...actionOptions, all: { type: 'boolean' } },
  });
  if (values.help === true) {
    terminal.stdout.write(jobsHelp);
    return 0;
  }
  const [name = 'state', key, ...tooMany] = positionals;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  const takesKey = name === 'retry' && values.all !== true;
  if (name === 'retry' && ((key !== undefined) !== takesKey || tooMany.length > 0)) {
    const remedy = 'modelgate jobs failed lists the keys; --all tries all of them again.';
    throw new UserError('usage', 'retry needs a KEY or --all', remedy);
  }
  if (action === undefined || tooMany.length > 0 || (key !== undefined && !takesKey)) {
    throw unknownAction(positionals, jobsHelp);
  }
  const wanted = {
    key,
    all: values.all === true,
    reason: values.reason?.trim() ?? '',
    actor: actorOf(terminal),
  };
  if (name === 'pause' && wanted.reason === '') {
    const remedy = 'Give it with --reason: everybody who waits for a verdict reads it.';
    throw new UserError('usage', 'a pause needs a reason', remedy);
  }
  return act((at) => action(at, wanted), { config: values.config, json: values.json }, terminal);
};

async function state({ operations, limits, now, redis }: OperationsAtHand): Promise<Outcome> {
  const found = await operations.state();
  const symptoms = symptomsOf(found, now(), limits);
  const stuck = [...redis, ...symptoms].some(({ level }) => level === 'error');
  const text = stateText(found, redis, { limits, now: now() });
  return { json: { ...found, symptoms, redis }, text, code: stuck ? 1 : 0 };
}

async function failed({ operations, limits, now }: OperationsAtHand): Promise<Outcome> {
  const [found, { failed: total }] = await Promise.all([operations.failed(listed), operations.state()]);
  return { json: found, text: failedText(found, total, { limits, now: now() }) };
}

async function retry({ operations }: OperationsAtHand, wanted: Wanted): Promise<Outcome> {
  const { key = '', all, ...deed } = wanted;
  if (all) {
    const count = await operations.retryAll(deed);
    return { json: { retried: count }, text: `${plural(count, 'job')} due at once.\n` };
  }
  const retried = await operations.retry(key, deed);
  const json = { retried: retried ? 1 : 0 };
  if (retried) return { json, text: `${oneLine(key)} is due at once.\n` };
  const text = `No job ${oneLine(key)} fails: modelgate jobs failed lists those that do.\n`;
  return { json, text, code: 1 };
}

async function pause({ operations }: OperationsAtHand, { actor, reason }: Wanted): Promise<Outcome> {
  const before = await operations.currentPause();
  const inForce = await operations.pause({ actor, reason });
  const mine = before === undefined && inForce.actor === actor && inForce.reason === reason;
  if (mine) {
    const text = 'Effects are paused: nothing is written to any host until modelgate jobs resume.\n';
    return { json: inForce, text };
  }
  const already = `Effects are paused already, by ${oneLine(inForce.actor)}: ${oneLine(inForce.reason)}`;
  const text = `${already}\nThe reason was not changed; for another one modelgate jobs resume first.\n`;
  return { json: inForce, text, code: 1 };
}

async function resume({ operations }: OperationsAtHand, { actor, reason }: Wanted): Promise<Outcome> {
  const resumed = await operations.resume({ actor, reason });
  return { json: { resumed }, text: resumed ? 'Effects happen again.\n' : 'Effects were not paused.\n' };
}

async function workers({ operations, limits, now }: OperationsAtHand): Promise<Outcome> {
  const { workers: found } = await operations.state();
  return { json: found, text: workersText(found, { limits, now: now() }) };
}

async function audit({ audit: stream }: OperationsAtHand): Promise<Outcome> {
  const entries = await stream.last(listed);
  return { json: entries, text: auditText(entries) };
}
