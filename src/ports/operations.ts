import type { FailedJob, OperationsState, Pause } from '../domain/operations.ts';
import type { WakeUpPayload } from './wake-ups.ts';

/** Who does something, and when there is something to say, why. */
export interface Deed {
  /** `alice at corp`, `ops`: it is kept in the audit. */
  readonly actor: string;
  readonly reason?: string | undefined;
}

/** What those who run the installation can see and do. Every deed is in the audit before it is done. */
export interface Operations {
  state(): Promise<OperationsState>;
  /** The pause in force. */
  currentPause(): Promise<Pause | undefined>;
  /** Jobs that fail, the newest failure first. */
  failed(limit: number): Promise<readonly FailedJob[]>;
  /** Makes a failed job due at once, its count of tries from the beginning; false: no such job fails. */
  retry(key: string, deed: Deed): Promise<boolean>;
  /** The same for all of them; resolves to how many. */
  retryAll(deed: Deed): Promise<number>;
  /** From now on nothing is written to any host. Somebody else's pause stays; resolves to the one in force. */
  pause(deed: Deed & { readonly reason: string }): Promise<Pause>;
  /** Lets effects happen again; false: there was no pause. */
  resume(deed: Deed): Promise<boolean>;
}

/** Keeps the pause of effects; it outlives every process. */
export interface PauseSwitch {
  current(): Promise<Pause | undefined>;
  /** Keeps the pause unless there is one; resolves to the one in force. */
  set(pause: Pause): Promise<Pause>;
  /** False: there was none. */
  clear(): Promise<boolean>;
}

/** A failure as the worker tells it. */
export interface Failure extends Pick<FailedJob, 'key' | 'queue' | 'reason' | 'attempts' | 'next' | 'newer'> {
  /** What is poked when it is tried again. */
  readonly payload: WakeUpPayload;
}

/** Keeps which jobs fail, a bounded number of them. */
export interface Failures {
  note(failure: Failure): Promise<void>;
  /** It is tried at another time than it was noted with. */
  reschedule(key: string, next: Date): Promise<void>;
  /** The job was done. */
  clear(key: string): Promise<void>;
  list(limit: number): Promise<readonly FailedJob[]>;
  /** One of them with what to poke. */
  find(key: string): Promise<Failure | undefined>;
  count(): Promise<number>;
}
