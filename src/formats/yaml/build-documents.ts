import { EVENT_ID, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { AliasEvent, DocumentEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from 'js-yaml';
import type { Problem, Source } from '../source.ts';
import { addNode } from './add-node.ts';
import { createBuilder, currentPointer, openFrame, report } from './builder.ts';
import type { Anchor, Builder, Frame } from './builder.ts';
import { mergeEntries } from './merge-keys.ts';
import type { ScalarNode, ScalarValue, YamlNode } from './node.ts';
import type { ReadOptions, YamlFile, YamlLimits } from './read-yaml.ts';
import { endOfCollection, skipBlank, spanOfScalar } from './spans.ts';
import { readTag, typeTagged } from './tags.ts';

/** Makes nodes of parser events; stops with one problem `limit` at too many nodes or aliases. */
export function buildDocuments(source: Source, events: readonly Event[], options: ReadOptions): YamlFile {
  const builder = createBuilder(source, options);
  for (const event of events) {
    take(builder, event);
    const excess = findExcess(builder);
    if (excess !== undefined) return { documents: [], problems: [excess] };
  }
  return { documents: builder.documents, problems: builder.problems.list() };
}

function take(builder: Builder, event: Event): void {
  switch (event.type) {
    case EVENT_ID.DOCUMENT:
      return openDocument(builder, event);
    case EVENT_ID.SEQUENCE:
    case EVENT_ID.MAPPING:
      return openCollection(builder, event);
    case EVENT_ID.SCALAR:
      return takeScalar(builder, event);
    case EVENT_ID.ALIAS:
      return takeAlias(builder, event);
    case EVENT_ID.POP:
      return close(builder);
  }
}

function findExcess(builder: Builder): Problem | undefined {
  const message = excessOf(builder, builder.options.limits);
  if (message === undefined) return undefined;
  const span = { start: builder.cursor, end: builder.cursor };
  return { code: 'limit', message, span, pointer: currentPointer(builder) };
}

function excessOf(builder: Builder, { yamlNodes, yamlAliases, yamlDepth }: YamlLimits): string | undefined {
  if (builder.aliases > yamlAliases) return `more than ${yamlAliases} aliases (limit yamlAliases)`;
  const counted = 'an alias counted with all that it stands for';
  if (builder.depth > yamlDepth)
    return `nested more than ${yamlDepth} levels deep, ${counted} (limit yamlDepth)`;
  return builder.nodes > yamlNodes
    ? `more than ${yamlNodes} values, ${counted} (limit yamlNodes)`
    : undefined;
}

function openDocument(builder: Builder, event: DocumentEvent): void {
  const { text } = builder.source;
  const handles: Record<string, string> = {};
  builder.rules = builder.options.scalars;
  for (const directive of event.directives) {
    if (directive.kind === 'tag') handles[directive.handle] = directive.prefix;
    else builder.rules = builder.options.scalars.underDirective?.[directive.version] ?? builder.rules;
  }
  builder.handles = handles;
  builder.anchors.clear();
  let start = skipBlank(text, builder.cursor);
  if (event.explicitStart) {
    const marker = /^---/gm;
    marker.lastIndex = builder.cursor;
    start = marker.exec(text)?.index ?? start;
    builder.cursor = start + 3;
  } else {
    builder.cursor = start;
  }
  builder.nodes += 1;
  openFrame(builder, 'document', start, undefined);
}

function openCollection(builder: Builder, event: SequenceEvent | MappingEvent): void {
  const kind = event.type === EVENT_ID.SEQUENCE ? 'sequence' : 'mapping';
  const tag = readTag(rawTag(builder, event), builder.handles);
  const fits = kind === 'sequence' ? ['seq', 'omap', 'pairs'] : ['map', 'set'];
  if (tag !== 'none' && !('standard' in tag && (fits.includes(tag.standard) || tag.standard === 'str'))) {
    refuseTag(builder, event, `a ${kind}`);
  }
  builder.nodes += 1;
  openFrame(builder, kind, event.start, nameAnchor(builder, event));
  const { text } = builder.source;
  const flow = text[event.start] === '{' || text[event.start] === '[';
  builder.cursor = flow ? event.start + 1 : event.start;
}

function takeScalar(builder: Builder, event: ScalarEvent): void {
  const span = spanOfScalar(builder.source.text, event, builder.cursor);
  const anchor = nameAnchor(builder, event);
  const bare = event.valueStart < 0 && event.tagStart < 0 && anchor === undefined;
  builder.cursor = span.end;
  if (bare && builder.frames.at(-1)?.kind === 'document') return;
  const text = getScalarValue(builder.source.text, event);
  const plain = event.style === SCALAR_STYLE.PLAIN;
  const node: ScalarNode = { kind: 'scalar', span, text, plain, ...typeScalar(builder, event, text) };
  builder.nodes += 1;
  if (anchor !== undefined) {
    anchor.node = node;
    anchor.weight = 1;
  }
  addNode(builder, node, 0);
}

function typeScalar(builder: Builder, event: ScalarEvent, text: string): ScalarValue {
  const string = { type: 'string', value: text } as const;
  if (event.tagStart >= 0) {
    const tag = readTag(rawTag(builder, event), builder.handles);
    if (tag === 'none') return string;
    const typed = 'standard' in tag ? typeTagged(tag.standard, text, builder.rules) : undefined;
    if (typed === undefined) refuseTag(builder, event, 'this value');
    return typed ?? string;
  }
  if (event.style !== SCALAR_STYLE.PLAIN) return string;
  const typed = builder.rules.type(text);
  if (typed.type !== 'invalid') return typed;
  report(builder, 'scalar', typed.message, { start: event.valueStart, end: event.valueEnd });
  return string;
}

function takeAlias(builder: Builder, event: AliasEvent): void {
  const { text } = builder.source;
  const name = text.slice(event.anchorStart, event.anchorEnd);
  const span = { start: event.anchorStart - 1, end: event.anchorEnd };
  const anchor = builder.anchors.get(name);
  builder.cursor = span.end;
  builder.aliases += 1;
  builder.nodes += anchor?.weight ?? 1;
  if (anchor?.node !== undefined) return addNode(builder, anchor.node, anchor.height);
  if (anchor === undefined)
    report(builder, 'unknown-alias', `*${name.slice(0, 80)} names no anchor above it`, span);
  else
    report(builder, 'recursive-alias', `*${name.slice(0, 80)} is inside the very value that it names`, span);
  addNode(builder, { kind: 'scalar', span, text: '', plain: true, type: 'null', value: null }, 0);
}

function close(builder: Builder): void {
  const frame = builder.frames.pop();
  if (frame === undefined) return;
  if (frame.kind === 'document') {
    const span = { start: frame.start, end: builder.cursor };
    builder.documents.push({ root: frame.items[0], span });
    return;
  }
  builder.cursor = endOfCollection(builder.source.text, frame.start, builder.cursor);
  const node = finish(builder, frame);
  if (frame.anchor !== undefined) {
    frame.anchor.node = node;
    frame.anchor.weight = builder.nodes - frame.nodesBefore;
    frame.anchor.height = frame.height;
  }
  addNode(builder, node, frame.height);
}

function finish(builder: Builder, frame: Frame): YamlNode {
  const span = { start: frame.start, end: builder.cursor };
  if (frame.kind === 'sequence') return { kind: 'sequence', span, items: frame.items };
  const entries = frame.merges.length === 0 ? frame.entries : mergeEntries(frame.entries, frame.merges);
  return { kind: 'mapping', span, entries };
}

function nameAnchor(builder: Builder, event: { anchorStart: number; anchorEnd: number }): Anchor | undefined {
  if (event.anchorStart < 0) return undefined;
  const anchor: Anchor = { node: undefined, weight: 1, height: 0 };
  builder.anchors.set(builder.source.text.slice(event.anchorStart, event.anchorEnd), anchor);
  return anchor;
}

function rawTag(builder: Builder, event: { tagStart: number; tagEnd: number }): string {
  return event.tagStart < 0 ? '' : builder.source.text.slice(event.tagStart, event.tagEnd);
}

function refuseTag(builder: Builder, event: { tagStart: number; tagEnd: number }, what: string): void {
  const span = { start: event.tagStart, end: event.tagEnd };
  report(
    builder,
    'unknown-tag',
    `the tag ${rawTag(builder, event).slice(0, 80)} cannot be read for ${what}`,
    span,
  );
}
