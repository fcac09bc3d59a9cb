import { compact, isObject, listAt, numberAt, objectAt, textAt, type JsonObject } from '../json.ts';
import { timestamp } from '../api/metadata.ts';
import type { Pod } from './pods.ts';
import type { Service } from './service.ts';

/** What modelStatus is told from. */
export interface ModelView {
  readonly service: Service;
  readonly pods: readonly Pod[];
  /** The InferenceService is Ready, and in Knative mode the latest created revision is the latest ready one. */
  readonly loaded: boolean;
  /** A Knative condition is False. */
  readonly broken: boolean;
  readonly at: number;
  /** Newer than any release read: tell when, and of which revision, the last failure was. */
  readonly failureDetails: boolean;
}

/** modelStatus as KServe writes it: the first pod counts, and the last failure stays for ever (specs 5.3). */
export function modelStatus(before: JsonObject, view: ModelView): JsonObject {
  const ready = view.pods.filter((pod) => pod.rollout.phase === 'ready').length;
  const status = { ...before, copies: { failedCopies: 0, totalCopies: ready } };
  const invalid = view.service.invalid;
  if (invalid !== undefined) {
    const info = { reason: invalid.reason, message: invalid.message };
    return stated({ ...status, lastFailureInfo: info }, 'FailedToLoad', 'InvalidSpec');
  }
  const first = view.pods[0];
  if (first === undefined) {
    return view.broken
      ? stated(status, 'FailedToLoad', 'BlockedByFailedLoad')
      : stated(status, 'Pending', 'InProgress');
  }
  return fromPod(status, first, view);
}

function fromPod(status: JsonObject, first: Pod, view: ModelView): JsonObject {
  const init = objectAt(listAt(first.status, 'initContainerStatuses')[0]);
  if (isObject(init['state']) && init['state']['running'] !== undefined) {
    return stated(status, 'Loading', 'InProgress');
  }
  if (isWaitingAfterEnd(init)) return failed(status, init, first, view);
  if (view.loaded) {
    return view.service.modelKnown ? stated(status, 'Loaded', 'UpToDate') : kept(status);
  }
  const main = objectAt(listAt(first.status, 'containerStatuses')[0]);
  if (isWaitingAfterEnd(main)) return failed(status, main, first, view);
  return stated(status, 'Pending', 'InProgress');
}

/** Loaded is told later than Ready. */
function kept(status: JsonObject): JsonObject {
  return status['transitionStatus'] === undefined ? stated(status, 'Pending', 'InProgress') : status;
}

function isWaitingAfterEnd(container: JsonObject): boolean {
  return textAt(container, 'state', 'waiting', 'reason') === 'CrashLoopBackOff';
}

function failed(status: JsonObject, container: JsonObject, pod: Pod, view: ModelView): JsonObject {
  const last = objectAt(container, 'lastState', 'terminated');
  const details = view.failureDetails
    ? { modelRevisionName: pod.rollout.name, time: timestamp(view.at) }
    : {};
  const info = compact({
    ...details,
    reason: 'ModelLoadFailed',
    message: textAt(last, 'message'),
    exitCode: numberAt(last, 'exitCode'),
  });
  const old = objectAt(status, 'lastFailureInfo');
  const again = old['message'] === info['message'] && old['modelRevisionName'] === info['modelRevisionName'];
  const lastFailureInfo = again ? old : info;
  return stated({ ...status, lastFailureInfo }, 'FailedToLoad', 'BlockedByFailedLoad');
}

function stated(status: JsonObject, target: string, transitionStatus: string): JsonObject {
  const active = textAt(status, 'states', 'activeModelState') ?? 'Pending';
  const activeModelState = target === 'Loaded' ? 'Loaded' : active === 'Loaded' ? 'Loaded' : '';
  return { ...status, states: { activeModelState, targetModelState: target }, transitionStatus };
}
