/**
 * How rows of a table become rows of float32 features: plain JSON that was learned from training rows and is kept in the
 * model, so that whoever has the model can give it raw rows.
 *
 * Glossary: hole, a cell that is empty; indicator, an input that is 1 where a cell is a hole.
 */

/** What is learned from the rows to train on. */
export interface Preprocessing {
  /** The inputs' columns, in the order in which their features stand. */
  readonly columns: readonly InputColumn[];
  /** Other columns that the training table had: they are no news where they come again. */
  readonly ignored: readonly string[];
  /** The columns that are to be predicted. Where rows have them, they are ignored. */
  readonly target: TargetColumns;
}

export interface TargetColumns {
  readonly names: readonly string[];
  /** Of multi-label tasks with one column: what stands between two labels of a cell. */
  readonly separator?: string;
}

export type InputColumn = NumberInput | CategoryInput | VectorInput;

/** One feature, (value - mean) / std; one more if there is an indicator. */
export interface NumberInput {
  readonly kind: "number";
  readonly name: string;
  /** What takes the place of a hole. */
  readonly impute: number;
  /** Whether a second feature is 1 where there was a hole, and 0 elsewhere. */
  readonly indicator: boolean;
  readonly mean: number;
  /** Above 0. */
  readonly std: number;
}

/** A feature each for the values, then one that is 1 where a cell has another value or, without `hole`, none. */
export interface CategoryInput {
  readonly kind: "category";
  readonly name: string;
  /** Distinct texts, by code unit; numbers as JavaScript writes them. */
  readonly values: readonly string[];
  /** Whether holes have a feature of their own, the last but one. */
  readonly hole: boolean;
}

/** `size` features, (value - mean) / std of each. */
export interface VectorInput {
  readonly kind: "vector";
  readonly name: string;
  readonly size: number;
  /** As many numbers each; null where values are taken as they are. */
  readonly mean: readonly number[] | null;
  readonly std: readonly number[] | null;
}

/** Features that a column becomes. */
export function widthOf(column: InputColumn): number {
  switch (column.kind) {
    case "number":
      return column.indicator ? 2 : 1;
    case "category":
      return column.values.length + Number(column.hole) + 1;
    case "vector":
      return column.size;
  }
}

/** Features of a row, I. */
export function featureCount({ columns }: Pick<Preprocessing, "columns">): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0);
}

/** Features that say that a category is unknown, by number: 0 in all rows that were trained on. */
export function unknownFeatures({ columns }: Pick<Preprocessing, "columns">): number[] {
  let end = 0;
  return columns.flatMap((column) => {
    end += widthOf(column);
    return column.kind === "category" ? [end - 1] : [];
  });
}

/** What each feature is: "age", "age is missing", "port = Cherbourg", "port is unknown", "embedding[3]". */
export function featureNames({ columns }: Pick<Preprocessing, "columns">): string[] {
  return columns.flatMap((column) => {
    const { name } = column;
    const missing = `${name} is missing`;
    switch (column.kind) {
      case "number":
        return column.indicator ? [name, missing] : [name];
      case "category":
        return [
          ...column.values.map((value) => `${name} = ${value}`),
          ...column.hole ? [missing] : [],
          `${name} is unknown`,
        ];
      case "vector":
        return Array.from({ length: column.size }, (_, i) => `${name}[${i}]`);
    }
  });
}
