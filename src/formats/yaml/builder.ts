import { createProblems, type Problems } from '../problems.ts';
import type { Source, Span } from '../source.ts';
import type { MappingEntry, MappingNode, YamlNode } from './node.ts';
import { joinPointer } from './pointer.ts';
import type { ReadOptions, YamlDocument } from './read-yaml.ts';
import type { ScalarRules } from './scalars.ts';
import type { TagHandles } from './tags.ts';

/** A document or collection that is still open. */
export interface Frame {
  readonly kind: 'document' | 'sequence' | 'mapping';
  readonly start: number;
  readonly anchor: Anchor | undefined;
  /** Nodes read when it was opened. */
  readonly nodesBefore: number;
  readonly items: YamlNode[];
  readonly entries: MappingEntry[];
  /** A key that waits for its value. */
  key: YamlNode | undefined;
  keyMerges: boolean;
  /** Key identity → offset of the first key. */
  readonly keys: Map<string, number>;
  readonly merges: MappingNode[];
  /** Levels below it so far, aliases with all that they stand for. */
  height: number;
}

/** A node with a name. */
export interface Anchor {
  /** undefined while the node is still open. */
  node: YamlNode | undefined;
  /** Nodes that an alias to it stands for. */
  weight: number;
  /** Levels below it. */
  height: number;
}

/** The state of making nodes of events. */
export interface Builder {
  readonly source: Source;
  readonly options: ReadOptions;
  readonly documents: YamlDocument[];
  readonly problems: Problems;
  readonly frames: Frame[];
  readonly anchors: Map<string, Anchor>;
  handles: TagHandles;
  rules: ScalarRules;
  /** The end of what was read. */
  cursor: number;
  nodes: number;
  aliases: number;
  /** Levels of the deepest node so far, aliases with all that they stand for. */
  depth: number;
}

/** A builder before the first event. */
export function createBuilder(source: Source, options: ReadOptions): Builder {
  return {
    source,
    options,
    documents: [],
    problems: createProblems(),
    frames: [],
    anchors: new Map(),
    handles: {},
    rules: options.scalars,
    cursor: 0,
    nodes: 0,
    aliases: 0,
    depth: 0,
  };
}

/** Opens a frame for what starts at `start`. */
export function openFrame(
  builder: Builder,
  kind: Frame['kind'],
  start: number,
  anchor: Anchor | undefined,
): void {
  const nodesBefore = builder.nodes;
  builder.frames.push({
    kind,
    start,
    anchor,
    nodesBefore,
    items: [],
    entries: [],
    key: undefined,
    keyMerges: false,
    keys: new Map(),
    merges: [],
    height: 0,
  });
}

/** Adds a problem at the place that is being read. */
export function report(builder: Builder, code: string, message: string, span: Span): void {
  const pointer = builder.problems.isFull() ? '' : currentPointer(builder);
  builder.problems.push({ code, message, span, pointer });
}

/** The structural path of the node that is being read. */
export function currentPointer(builder: Builder): string {
  let pointer = '';
  for (const frame of builder.frames) {
    if (frame.kind === 'sequence') pointer = joinPointer(pointer, frame.items.length);
    if (frame.kind === 'mapping' && frame.key?.kind === 'scalar')
      pointer = joinPointer(pointer, frame.key.text);
  }
  return pointer;
}
