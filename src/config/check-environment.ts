import type { z } from 'zod';
import { isWithin, placeOf } from '../domain/remote-place.ts';

/** What of an environment has to fit together; all of it may be left out. */
interface Reach {
  readonly publish?: string | undefined;
  readonly handover?: string | undefined;
  readonly stores: readonly { readonly url: string }[];
  readonly kubeflow?: { readonly url: string } | undefined;
  readonly kserve?:
    | { readonly kubeconfig?: string | undefined; readonly cluster?: object | undefined }
    | undefined;
}

/** Says at the start what a release would otherwise find out after its run was paid for. */
export function fitsTogether(
  { publish, handover, stores, kubeflow, kserve }: Reach,
  context: z.RefinementCtx,
): void {
  const wrong = (path: readonly string[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message });
  for (const [name, url] of Object.entries({ publish, handover })) {
    if (url === undefined) continue;
    const trouble = troubleWith(url, stores);
    if (trouble !== undefined) wrong([name], trouble);
  }
  if (kubeflow !== undefined && /\/apis(?:\/|$)/.test(kubeflow.url))
    wrong(
      ['kubeflow', 'url'],
      'ends in the path of the API; expected the address before /apis, for example http://ml-pipeline.kubeflow:8888',
    );
  if (kserve?.kubeconfig !== undefined && kserve.cluster !== undefined)
    wrong(['kserve', 'cluster'], 'stands beside kubeconfig; expected one of them');
}

/** Where there are stores, one of them has to say how the place is asked. */
function troubleWith(url: string, stores: Reach['stores']): string | undefined {
  const place = placeOf(url);
  if (place === undefined) return 'is no place that can be written to; expected s3:// with bucket and path';
  const bounds = stores.map((store) => placeOf(store.url)).filter((bound) => bound !== undefined);
  if (stores.length === 0 || bounds.some((bound) => isWithin(place, bound))) return undefined;
  return 'lies in none of the stores of the environment; expected a place below the url of one of them';
}
