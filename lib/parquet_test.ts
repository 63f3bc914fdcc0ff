/** Parquet files that pyarrow wrote (tests/samples/parquet/make_samples.py). */
import assert from "node:assert/strict";
import { readParquet } from "./parquet.ts";
import { assertNeverBreaks } from "../tests/support/mutations.ts";
import type { Column } from "./dataset/table.ts";

const read = (name: string) =>
  Deno.readFileSync(new URL(`../tests/samples/parquet/${name}.parquet`, import.meta.url));

/** Cells as JSON has them. */
function cellsOf(column: Column, row: number): unknown {
  if (column.kind === "vector") {
    return [...column.values.subarray(row * column.size, (row + 1) * column.size)];
  }
  if (column.kind === "text") return column.texts[column.codes[row]] ?? null;
  const value = column.values.at(row)!;
  return Number.isNaN(value) ? null : value;
}

for (const compression of ["snappy", "gzip", "zstd", "none", "brotli", "lz4"]) {
  Deno.test(`every type that a table can have is read, compressed with ${compression}`, async () => {
    const table = await readParquet(read(`all_${compression}`));
    assert.equal(table.rows, 40);
    const row = (row: number) =>
      Object.fromEntries(table.columns.map((column) => [column.name, cellsOf(column, row)]));
    assert.deepEqual(row(3), {
      i8: -17,
      i64: 2 ** 40 + 3,
      u16: 3,
      f16: 0.75,
      f32: 1,
      f64: 1,
      flag: "false",
      text: null,
      dict: "y",
      day: "2020-01-04T00:00:00.000Z",
      time: "2020-01-01T15:00:00.000Z",
      price: 0.75,
      e: [3, 3.5, -3],
    });
    const last = row(35);
    assert.deepEqual([last.i8, last.f64, last.text], [null, null, null]);
  });
}

Deno.test("columns can be left out, and bytes may come piece by piece", async () => {
  const bytes = read("all_snappy");
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
  };
  const whole = await readParquet(bytes);
  assert.deepEqual(await readParquet(pieces()), whole);
  const { columns } = await readParquet(bytes, { ignore: ["e", "day"] });
  assert.deepEqual(
    columns.map(({ name }) => name),
    whole.columns.map(({ name }) => name).filter((name) => name !== "e" && name !== "day"),
  );
});

Deno.test("what is no table is refused in one line", async () => {
  const cases: [Uint8Array, RegExp][] = [
    [read("struct"), /column "s" is nested or binary/],
    [read("ragged"), /column "e" has 1 numbers in row 1 and 2 in row 2/],
    [read("empty"), /it has no row/],
    [new Uint8Array(0), /it is no Parquet, or damaged/],
    [new TextEncoder().encode("a,b\n1,2\n"), /it is no Parquet, or damaged/],
    [read("all_gzip").subarray(0, 500), /it is no Parquet, or damaged/],
  ];
  for (const [bytes, message] of cases) {
    await assert.rejects(readParquet(bytes, { name: "x" }), (error: Error) => {
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot read x: [^\n]+$/);
      return true;
    });
  }
});

for (const compression of ["none", "snappy"]) {
  Deno.test(`whatever befalls a file (${compression}), it is a table or a line`, async () => {
    await assertNeverBreaks(read(`all_${compression}`), 5000, async (bytes) => {
      await readParquet(bytes);
    });
  });
}
