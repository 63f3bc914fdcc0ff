/** What `POST /predict` takes, as JSON Schema (draft 2020-12): for programs, and for the form of the page. */
import type { InputColumn, Preprocessing } from "../dataset/preprocessing/preprocessing.ts";
import type { Limits } from "./limits.ts";
import type { PredictorInput } from "./predictor.ts";

/** @param preprocessing of a model that takes rows of a table */
export function schemaOf(
  { height, width, inputs, element, channels }: PredictorInput,
  preprocessing: Preprocessing | undefined,
  { images: most }: Pick<Limits, "images">,
): object {
  if (preprocessing?.window) return windowBody(preprocessing, preprocessing.window.length, most);
  if (preprocessing) return bodyOf("rows", rowOf(preprocessing), most);
  const list = (items: object) => ({ type: "array", items, minItems: inputs, maxItems: inputs });
  if (element) return bodyOf("inputs", list({ type: "number" }), most);
  const pixel = { type: "integer", minimum: 0, maximum: 255 };
  const description = channels
    ? `an image of ${width / channels} x ${height} pixels, row by row, red, green and blue of each`
    : `an image of ${width} x ${height} pixels, row by row`;
  return bodyOf("pixels", { ...list(pixel), description }, most);
}

/** Rows that follow each other in time; each from the length on ends a window, and is answered for. */
function windowBody(preprocessing: Preprocessing, length: number, most: number): object {
  const description = `rows in their order: the answers are for row ${length} and those after it`;
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: ["rows"],
    properties: {
      rows: {
        type: "array",
        items: rowOf(preprocessing),
        minItems: length,
        maxItems: Math.max(length, most),
        description,
      },
    },
  };
}

/** One of them, or an array. */
function bodyOf(name: string, item: object, most: number): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    required: [name],
    properties: {
      [name]: { anyOf: [item, { type: "array", items: item, minItems: 1, maxItems: most }] },
    },
  };
}

/** A row may lack any column: training says what stands for it. */
function rowOf({ columns }: Preprocessing): object {
  // Not by assignment: a column may be called __proto__.
  const properties = Object.fromEntries(
    columns.map((column) => [column.name, propertyOf(column)]),
  );
  return { type: "object", properties, additionalProperties: false };
}

function propertyOf(column: InputColumn): object {
  switch (column.kind) {
    case "number": {
      const { impute, mean, std } = column;
      const about = `${short(mean)} on average, with a standard deviation of ${short(std)}`;
      return { type: ["number", "null"], default: impute, description: about };
    }
    case "category":
      return {
        type: ["string", "number", "boolean", "null"],
        examples: column.values,
        description: `one of ${column.values.length} values; others count as unknown`,
      };
    case "vector": {
      const { size } = column;
      return { type: "array", items: { type: "number" }, minItems: size, maxItems: size };
    }
  }
}

const short = (value: number) => String(Number(value.toPrecision(4)));
