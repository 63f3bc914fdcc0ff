/** A Parquet file as JSON Lines, so that whoever reads rows reads these too. */
import type { Column, Table } from "../../dataset/table.ts";

/** Named by a variable: what a literal names, Deno loads before it runs anything, here two packages for every command. */
const PARQUET = "../../parquet.ts";

/** Rows that become text at once. */
const ROWS = 4096;

/**
 * @param name how messages call the file
 * @throws {WeftError} as `readParquet`
 */
export async function* parquetRows(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const { readParquet }: typeof import("../../parquet.ts") = await import(PARQUET);
  yield* linesOf(await readParquet(bytes, { name }));
}

function* linesOf({ rows, columns }: Table): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const cells = columns.map(cellOf);
  const keys = columns.map(({ name }) => JSON.stringify(name));
  for (let first = 0; first < rows; first += ROWS) {
    let text = "";
    for (let row = first; row < Math.min(rows, first + ROWS); row++) {
      text += `{${cells.map((cell, i) => `${keys[i]}:${cell(row)}`).join(",")}}\n`;
    }
    yield encoder.encode(text);
  }
}

/** A cell as JSON; what JSON cannot say is a hole. */
function cellOf(column: Column): (row: number) => string {
  switch (column.kind) {
    case "number":
      return (row) => JSON.stringify(column.values.at(row)!);
    case "text": {
      const texts = column.texts.map((text) => JSON.stringify(text));
      return (row) => texts[column.codes[row]] ?? "null";
    }
    case "vector":
      return (row) => {
        const { size, values } = column;
        return JSON.stringify([...values.subarray(row * size, (row + 1) * size)]);
      };
  }
}
