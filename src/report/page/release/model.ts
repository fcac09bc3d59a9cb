import type { ServedModel } from '../../../domain/rollout.ts';
import type { Release } from '../../../domain/release.ts';
import { markup, safeUrl, type Html, type HtmlPart } from '../../html.ts';
import { metricRows } from '../../release/metrics.ts';
import { humanBytes } from '../../sizes.ts';
import { facts, section, table, timeOf } from '../layout.ts';
import { stateMark } from '../mark.ts';

/** The metrics of the model against their limits. */
export function metricsSection(
  release: Release,
  before: Readonly<Record<string, number>> | undefined,
): Html | undefined {
  const rows = metricRows(release, before).map(({ metric, value, limits, kept }) => [
    metric,
    value,
    limits === '' ? 'no limit' : limits,
    kept === undefined
      ? undefined
      : stateMark(kept ? { tone: 'passed', word: 'kept' } : { tone: 'failed', word: 'not kept' }),
  ]);
  return section('Metrics', table('Metrics', ['metric', 'value', 'limit', 'kept'], rows));
}

/** Where the model came from, and where it is published. */
export function publishedSection({ model, published }: Release): Html | undefined {
  if (model === undefined) return undefined;
  const files =
    published === undefined
      ? table(
          'Files of the model',
          ['file', 'size', 'digest'],
          model.files.map(({ path, size, digest }) => [
            code(path),
            size === undefined ? undefined : humanBytes(size),
            code(digest.value.slice(0, 12)),
          ]),
        )
      : table(
          'Published files',
          ['file', 'size', 'SHA-256'],
          published.files.map(({ path, size, sha256 }) => [
            code(path),
            humanBytes(size),
            code(sha256.slice(0, 12)),
          ]),
        );
  const rows: readonly (readonly [string, HtmlPart])[] = [
    ['published at', code(published?.uri)],
    ['format', model.format],
    ['handed over by', code(model.told)],
  ];
  return section('Model', [facts(rows), files]);
}

/** What is known of the rollout. */
export function rolloutSection({ rollout }: Release): Html | undefined {
  if (rollout === undefined) return undefined;
  const { service, before, revision, revisionBefore, applied, readySince, url } = rollout;
  const address = url === undefined ? undefined : safeUrl(url);
  const at = address === undefined ? code(url) : markup`<a href="${address}" rel="noreferrer">${address}</a>`;
  return section(
    'Rollout',
    facts([
      ['InferenceService', code(service)],
      ['answers at', at],
      ['written', timeOf(applied)],
      ['ready since', timeOf(readySince)],
      ['revision', code(revision)],
      ['revision before', code(revisionBefore)],
      ['model before', beforeText(before)],
    ]),
  );
}

function beforeText(before: ServedModel | 'nothing' | undefined): HtmlPart {
  if (before === undefined) return undefined;
  return before === 'nothing' ? 'there was no InferenceService' : (code(before.storageUri) ?? 'none');
}

function code(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : markup`<code>${text}</code>`;
}
