/** What a training makes: a weight for each column, after one that stands alone. */
export interface Regression {
  readonly weights: readonly number[];
  /** Error on rows that were left out, in five folds. */
  readonly rmse: number;
}

type Row = readonly number[];

const folds = 5;

/** A linear regression of the first column on the others; rows with an empty field, and columns of text, are left out. */
export function train(csv: string): Regression {
  const [, ...lines] = csv.trim().split('\n');
  const rows = lines
    .map((line) => line.split(','))
    .filter((fields) => !fields.includes(''))
    .map((fields) => fields.map(Number).filter((value) => !Number.isNaN(value)));
  const fitted = Array.from({ length: folds }, (_none, fold) =>
    fit(rows.filter((_row, index) => index % folds !== fold)),
  );
  const squares = rows.map(
    (row, index) => (predict(fitted[index % folds] ?? [], row.slice(1)) - at(row, 0)) ** 2,
  );
  const mean = sum(squares) / squares.length;
  return { weights: fit(rows), rmse: Math.sqrt(mean) };
}

/** What the weights make of the columns. */
export function predict([alone = 0, ...weights]: readonly number[], columns: Row): number {
  return weights.reduce((sum, weight, index) => sum + weight * at(columns, index), alone);
}

/** Least squares: the normal equations, solved by elimination. */
function fit(rows: readonly Row[]): readonly number[] {
  const inputs = rows.map((row) => [1, ...row.slice(1)]);
  const width = inputs[0]?.length ?? 0;
  const indices = Array.from({ length: width }, (_none, index) => index);
  const equations = indices.map((one) => [
    ...indices.map((other) => sum(inputs.map((input) => at(input, one) * at(input, other)))),
    sum(inputs.map((input, row) => at(input, one) * at(rows[row] ?? [], 0))),
  ]);
  return solve(equations);
}

function solve(equations: readonly (readonly number[])[]): readonly number[] {
  const width = equations.length;
  let left: readonly (readonly number[])[] = equations;
  for (let column = 0; column < width; column += 1) {
    const below = left.slice(column).toSorted((a, b) => Math.abs(at(b, column)) - Math.abs(at(a, column)));
    const [pivot = [], ...others] = below;
    const unit = pivot.map((value) => value / at(pivot, column));
    const without = (row: Row): Row => row.map((value, index) => value - at(row, column) * at(unit, index));
    left = [...left.slice(0, column).map(without), unit, ...others.map(without)];
  }
  return left.map((row) => at(row, width));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function at(row: Row, index: number): number {
  return row[index] ?? 0;
}
