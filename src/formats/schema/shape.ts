import type { ScalarNode } from '../yaml/node.ts';

/**
 * The shape a positioned node should have. Front ends build shapes (by hand for DVC, from descriptors for
 * PipelineSpec); `check-shape.ts` walks node and shape together and collects every problem.
 */
export type Shape =
  | { readonly kind: 'any' }
  /** `name` tells people what is expected: `text`, `a whole number`. */
  | {
      readonly kind: 'scalar';
      readonly name: string;
      accepts(scalar: ScalarNode): boolean;
      /** What to write instead of a scalar that is not accepted, where that is certain: `30s`. */
      instead?(scalar: ScalarNode): string | undefined;
    }
  | {
      readonly kind: 'enum';
      readonly name: string;
      readonly values: readonly string[];
      readonly numbers?: readonly number[];
    }
  | { readonly kind: 'list'; readonly item: Shape; readonly nullable: boolean }
  /** Any keys, values of one shape. */
  | { readonly kind: 'map'; readonly value: Shape; readonly nullable: boolean }
  | ObjectShape
  /** The first alternative whose outer kind fits is taken, so that problems stay specific. */
  | { readonly kind: 'either'; readonly name: string; readonly options: readonly Shape[] };

/** Named fields; any other key is a problem with a suggestion. */
export interface ObjectShape {
  readonly kind: 'object';
  /** For messages: `an output`, `PipelineTaskSpec`. */
  readonly name: string;
  fields(): ReadonlyMap<string, FieldShape>;
  readonly nullable: boolean;
  /** Groups of fields of which at most one may be set. */
  readonly oneofs?: readonly (readonly string[])[] | undefined;
  /** Other keys are let through: the reader of this object ignores what it does not know. */
  readonly open?: boolean | undefined;
}

/** A field of an object, under one of its spellings. */
export interface FieldShape {
  readonly shape: Shape;
  readonly required: boolean;
  /** null counts as absent. */
  readonly nullable?: boolean | undefined;
  /** The field's proper name where this key is only another spelling of it (`component_ref`). */
  readonly spelling?: string | undefined;
}
