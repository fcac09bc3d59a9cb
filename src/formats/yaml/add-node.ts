import { report } from './builder.ts';
import type { Builder, Frame } from './builder.ts';
import { keyIdentity, mergeSources } from './merge-keys.ts';
import type { YamlNode } from './node.ts';

/**
 * Puts a finished node into what is open: as the root, the next item, the next key or the waiting key's value.
 * `height` counts the levels below the node.
 */
export function addNode(builder: Builder, node: YamlNode, height: number): void {
  const frame = builder.frames.at(-1);
  if (frame === undefined) return;
  if (height >= frame.height) frame.height = height + 1;
  if (builder.frames.length + height > builder.depth) builder.depth = builder.frames.length + height;
  if (frame.kind !== 'mapping') {
    frame.items.push(node);
  } else if (frame.key === undefined) {
    takeKey(builder, frame, node);
  } else {
    takeValue(builder, frame, frame.key, node);
    frame.key = undefined;
  }
}

function takeKey(builder: Builder, frame: Frame, key: YamlNode): void {
  frame.key = key;
  frame.keyMerges =
    key.kind === 'scalar' && key.plain && key.text === '<<' && builder.options.merge !== false;
  const identity = frame.keyMerges ? undefined : keyIdentity(key);
  if (identity === undefined) return;
  const first = frame.keys.get(identity);
  if (first === undefined) {
    frame.keys.set(identity, key.span.start);
    return;
  }
  const { line } = builder.source.placeOf({ start: first, end: first });
  const name = key.kind === 'scalar' ? key.text.slice(0, 80) : '';
  report(
    builder,
    'duplicate-key',
    `the key "${name}" is here a second time; the first is in line ${line}`,
    key.span,
  );
}

function takeValue(builder: Builder, frame: Frame, key: YamlNode, value: YamlNode): void {
  if (!frame.keyMerges) {
    frame.entries.push({ key, value });
    return;
  }
  const sources = mergeSources(value);
  if (sources === undefined) {
    report(builder, 'merge-key', 'the value of << must be a mapping or a list of mappings', value.span);
    return;
  }
  for (const source of sources) {
    builder.nodes += source.entries.length;
    frame.merges.push(source);
  }
}
