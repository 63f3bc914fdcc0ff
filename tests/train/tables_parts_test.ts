/** Rows and columns of tables in their parts: what is said of them, and where it stands. */
import assert from "node:assert/strict";
import {
  type Column,
  createBackend,
  datasetOf,
  readCsv,
  type Table,
  UsageError,
  WeftError,
} from "../../lib/mod.ts";
import { batchReader, rowsOf } from "../../lib/train/uploaded_samples.ts";
import { rowsForModel } from "../../lib/train/tables/model_dataset.ts";
import { runTraining } from "./training_run.ts";

const CONFIG = { epochs: 2, hidden: [4] };

/** Sixty rows of numbers, and of a target that `cell` writes. */
function tableOf(cell: (row: number) => string, more = ""): Promise<Table> {
  const rows = Array.from({ length: 60 }, (_, row) => `${row},${row % 7},${cell(row)}`);
  return readCsv(["a,b,y", ...rows, more].join("\n"));
}

async function refusal(act: () => unknown): Promise<WeftError> {
  try {
    await act();
  } catch (error) {
    assert(error instanceof WeftError, String(error));
    assert(!error.message.includes("\n"), error.message);
    return error;
  }
  throw new Error("it was not refused");
}

const rows = (from: number, to: number) =>
  Uint32Array.from({ length: to - from }, (_, i) => from + i);

Deno.test("rows in messages count from the table's first one, whatever was left out before", async () => {
  const withHoles = await tableOf((row) => row < 10 ? "" : String(row / 2));
  const weights = { ...withHoles.columns[0], name: "w" } as Column;
  const numbers = Float64Array.from({ length: 60 }, (_, row) => row === 30 ? -1 : 1);
  const table: Table = {
    ...withHoles,
    columns: [...withHoles.columns, { ...weights, values: numbers } as Column],
  };
  const weighed = await refusal(() => datasetOf(table, { target: "y", weights: "w" }));
  assert.match(weighed.message, /it is -1 in row 31;/);
  const large = await tableOf((row) => row < 10 ? "" : row === 40 ? "1e300" : String(row / 2));
  const learned = await refusal(() => datasetOf(large, { target: "y" }));
  assert.match(learned.message, /1e\+300 in row 41, column "y"/);
  const { end } = await runTraining({
    train: datasetOf(withHoles, { target: "y" }),
    config: CONFIG,
  });
  const test: Table = {
    ...withHoles,
    columns: withHoles.columns.map((column) =>
      column.name === "a"
        ? { kind: "text", name: "a", texts: ["1", "x"], codes: numbers.map((it) => +(it < 0)) }
        : column
    ),
  };
  const odd = await refusal(() => rowsForModel(end.model!, test));
  assert.match(odd.message, /"x" in row 31, column "a"/);
});

Deno.test("what is wrong with a table to test is said of that table", async () => {
  const data = datasetOf(await tableOf((row) => row % 2 ? "yes" : "no"), { target: "y" });
  const test = await readCsv("a,b,y\n1,2,yes\nfoo,3,no\n");
  const { message } = await refusal(() => runTraining({ train: data, test, config: CONFIG }));
  assert.match(
    message,
    /^Cannot use the test table: cannot take "foo" in line 3, column "a", for a/,
  );
});

Deno.test("a class that no row to train on has is noted, and one class alone is not trained on", async () => {
  const three = datasetOf(await tableOf((row) => row < 50 ? "uv"[row % 2] : "w"), { target: "y" });
  const split = { train: rows(0, 50), validation: rows(50, 60) };
  const { start } = await runTraining({ train: three, split, config: CONFIG });
  assert(
    start.notes!.includes('no row to train on has the class "w": rows that do count as errors'),
    start.notes!.join("\n"),
  );
  const two = datasetOf(await tableOf((row) => row < 50 ? "u" : "w"), { target: "y" });
  const { message } = await refusal(() => runTraining({ train: two, split, config: CONFIG }));
  assert.match(message, /"y" is "u" in all 50 rows to train on, .*split it in another way$/);
});

Deno.test("a model does not go on to predict a column that it takes for an input", async () => {
  const table = await tableOf((row) => String(row / 2));
  const { end } = await runTraining({ train: datasetOf(table, { target: "y" }), config: CONFIG });
  const data = datasetOf(table, { target: "a" });
  const error = await refusal(() => runTraining({ train: data, from: end.model!, config: CONFIG }));
  assert(error instanceof UsageError);
  assert.match(error.message, /to predict "a": it takes that column for an input; predict another/);
});

Deno.test("batches of features that are read for them are those of features that are kept", async () => {
  const [count, size] = [40, 5];
  const kept = Float32Array.from({ length: count * size }, (_, i) => Math.sin(i));
  const room = new Float32Array(size);
  const values = (first: number) => {
    // In the same memory, as it may be.
    room.set(kept.subarray(first * size, (first + 1) * size));
    return room;
  };
  const samples = { rows: count, shape: [size], values, isAnyOrder: true };
  for (const backend of [await createBackend({ backend: "reference" }), await createBackend()]) {
    using _ = backend;
    const reader = batchReader(backend, samples, count * size - 1)!;
    const features = backend.allocate(count, size);
    backend.write(features, kept);
    const met = Uint32Array.from({ length: count }, (_, i) => i * 7 % count);
    const order = backend.allocateOrder(count);
    backend.writeOrder(order, met);
    for (const [start, batch] of [[0, 16], [16, 16], [32, 8], [3, 1]]) {
      const [x, expected] = [backend.allocate(batch, size), backend.allocate(batch, size)];
      reader.gather(x, order, start, met);
      rowsOf(backend, features).gather(expected, order, start, met);
      assert.deepEqual(await backend.read(x), await backend.read(expected));
    }
    assert.equal(batchReader(backend, samples, count * size), null);
    assert.equal(batchReader(backend, { ...samples, isAnyOrder: false }, 0), null);
  }
});

Deno.test("more features than go onto a back end at once are trained on all the same", async () => {
  const [count, size] = [130, 2 ** 20 + 1];
  const row = new Float32Array(size);
  const asked = new Set<number>();
  const features = (first: number, rows: number) => {
    assert.equal(rows, 1, "single rows are asked for");
    asked.add(first);
    return row.fill(first % 2 ? 1 : -1, 0, 8);
  };
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const { end } = await runTraining({
    train: {
      rows: count,
      shape: [size],
      features,
      isAnyOrder: true,
      targets: { task: "binary", labels },
    },
    config: { hidden: [1], epochs: 1, batchSize: 8, optimizer: "adam", learningRate: 0.1 },
  });
  assert.equal(end.status, "completed");
  assert.equal(asked.size, count, "those that validate, too");
});
