import { createHash } from 'node:crypto';
import { isList, listAt, numberAt, objectAt, textAt, type Json, type JsonObject } from '../json.ts';

/** Answers one request body, of the V1 or the V2 protocol, with a response body. */
export type Predict = (body: JsonObject, protocol: 'v1' | 'v2') => Json | Promise<Json>;

/** What came of loading a model. */
export type ModelOutcome =
  | { readonly ok: true; readonly predict?: Predict }
  | {
      readonly ok: false;
      /** The name of the error, such as ModelMissingError. */
      readonly reason: string;
      readonly message: string;
      /** Which container ends; the model server by default. */
      readonly container?: 'storage-initializer' | 'kserve-container';
    };

/** Loads the model at an address for a predictor's specification. */
export type LoadModel = (storageUri: string, predictor: JsonObject) => Promise<ModelOutcome>;

/** The address of a predictor's model; empty where its container brings its own. */
export function storageUriOf(predictor: JsonObject): string {
  const model = objectAt(predictor, 'model');
  const direct = textAt(model, 'storageUri');
  if (direct !== undefined) return direct;
  const path = textAt(model, 'storage', 'path');
  const bucket = textAt(model, 'storage', 'parameters', 'bucket') ?? 'default';
  return path === undefined ? '' : `s3://${bucket}/${path}`;
}

/** A model that gives one number per row, spoken in both protocols. */
export function rowModel(rows: (row: Json) => number): Predict {
  return (body, protocol) => {
    if (protocol === 'v1') {
      const given = isList(body['instances']) ? body['instances'] : listAt(body, 'inputs');
      return { predictions: given.map(rows) };
    }
    const input = objectAt(listAt(body, 'inputs')[0]);
    const data = rowsOf(input).map(rows);
    const outputs = [{ name: 'output-0', shape: [data.length], datatype: 'FP64', data }];
    return { outputs };
  };
}

/** The rows of a tensor, whether its data is flat or nested. */
function rowsOf(input: JsonObject): readonly Json[] {
  const data = listAt(input, 'data');
  const shape = listAt(input, 'shape').map(Number);
  if (shape.length < 2 || data.some(isList)) return data;
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  const count = numberAt(shape, '0') ?? shape[0] ?? 0;
  return Array.from({ length: count }, (_none, row) => data.slice(row * width, (row + 1) * width));
}

/** What is predicted when the loader brings no model: a number from 0 to 1, of the address and the row. */
export function addressModel(storageUri: string): Predict {
  return rowModel((row) => {
    const text = `${storageUri}\n${JSON.stringify(row)}`;
    return createHash('sha256').update(text).digest().readUInt32BE(0) / 0xffff_ffff;
  });
}
