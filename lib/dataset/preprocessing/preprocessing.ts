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
  /** Of models that take so many rows at once, one after the other: each row is encoded by itself. */
  readonly window?: RowWindow;
}

/** Rows that are one input together; the last of them is the one that is predicted for. */
export interface RowWindow {
  /** Rows of a window. */
  readonly length: number;
  /** Rows from the beginning of a window to that of the next one, in training. */
  readonly stride: number;
  /** The column whose values are groups: no window has rows of two. */
  readonly groups?: string;
}

/** The columns that are learned. */
export interface TargetColumns {
  /** As the table has them. */
  readonly names: readonly string[];
  /** Of multi-label tasks with one column: what stands between two labels of a cell. */
  readonly separator?: string;
}

/** How a column becomes features. */
export type InputColumn = NumberInput | CategoryInput | VectorInput;

/** One feature, (value - mean) / std; one more if there is an indicator. */
export interface NumberInput {
  /** Numbers. */
  readonly kind: "number";
  /** As the table has it. */
  readonly name: string;
  /** What takes the place of a hole. */
  readonly impute: number;
  /** Whether a second feature is 1 where there was a hole, and 0 elsewhere. */
  readonly indicator: boolean;
  /** Of the rows that were trained on. */
  readonly mean: number;
  /** Above 0. */
  readonly std: number;
}

/** A feature each for the values, then one that is 1 where a cell has another value or, without `hole`, none. */
export interface CategoryInput {
  /** One of a list of values. */
  readonly kind: "category";
  /** As the table has it. */
  readonly name: string;
  /** Distinct texts, by code unit; numbers as JavaScript writes them. */
  readonly values: readonly string[];
  /** Whether holes have a feature of their own, the last but one. */
  readonly hole: boolean;
}

/** `size` features, (value - mean) / std of each. */
export interface VectorInput {
  /** Lists of numbers, all of one length. */
  readonly kind: "vector";
  /** As the table has it. */
  readonly name: string;
  /** How many numbers a cell has. */
  readonly size: number;
  /** As many numbers each; null where values are taken as they are. */
  readonly mean: readonly number[] | null;
  /** Standard deviations of the same rows; null where the numbers stay as they are. */
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

/** Features of a row; of a window, each row has as many. */
export function featureCount({ columns }: Pick<Preprocessing, "columns">): number {
  return columns.reduce((sum, column) => sum + widthOf(column), 0);
}

/** What the network takes for one prediction: features of a row, or of all rows of a window. */
export function inputCount(preprocessing: Pick<Preprocessing, "columns" | "window">): number {
  return featureCount(preprocessing) * (preprocessing.window?.length ?? 1);
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
