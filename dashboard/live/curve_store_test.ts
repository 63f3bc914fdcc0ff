import assert from "node:assert/strict";
import { encodedCurves } from "../../tests/samples/curves.ts";
import { sampleEpoch } from "../../tests/samples/records.ts";
import { columnsOf, decodeCurves } from "../shared/curves.ts";
import { CurveStore } from "./curve_store.ts";

const epochs = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => sampleEpoch(from + i));

Deno.test("curves grow beyond what was reserved", () => {
  const store = new CurveStore();
  for (const epoch of epochs(1, 1000)) store.append([epoch]);
  assert.deepEqual(store.column("trainLoss"), new CurveStore(epochs(1, 1000)).column("trainLoss"));
  assert.equal(store.column("epoch")[999], 1000);
});

Deno.test("what comes twice is taken once", () => {
  const store = new CurveStore(epochs(1, 5));
  store.append(epochs(3, 7));
  assert.deepEqual([...store.column("epoch")], [1, 2, 3, 4, 5, 6, 7]);
});

Deno.test("a null is a gap", () => {
  const store = new CurveStore([{ ...sampleEpoch(1), validationLoss: null }]);
  assert.deepEqual([...store.column("validationLoss")], [NaN]);
});

Deno.test("a run's whole curves take the place of its end, and later epochs stay", () => {
  const store = new CurveStore(epochs(8, 10));
  store.append(epochs(11, 12));
  store.backfill(decodeCurves(encodedCurves(epochs(1, 11)).buffer));
  store.append(epochs(12, 13));
  assert.deepEqual([...store.column("epoch")], epochs(1, 13).map(({ epoch }) => epoch));
});

Deno.test("a view does not change while the run continues", () => {
  const store = new CurveStore(epochs(1, 2));
  const before = store.column("epoch");
  store.append(epochs(3, 3));
  assert.deepEqual([...before], [1, 2]);
});

Deno.test("metrics of a task have columns by name, on the way from the server too", () => {
  const metrics = ["loss", "r2"].map((name) => ({
    name,
    label: name,
    unit: "",
    higherIsBetter: name === "r2",
  }));
  const columns = columnsOf({ metrics });
  const learned = (epoch: number) => ({
    ...sampleEpoch(epoch),
    train: { r2: epoch / 10 },
    validation: epoch === 2 ? null : { r2: epoch / 20 },
  });
  const store = new CurveStore([learned(3)], columns);
  const bytes = encodedCurves([1, 2, 3].map(learned), columns);
  store.backfill(decodeCurves(bytes.buffer, columns));
  assert.deepEqual([...store.column("train.r2")], [0.1, 0.2, 0.3]);
  assert.deepEqual([...store.column("validation.r2")], [0.05, NaN, 0.15]);
  assert.equal(new CurveStore(epochs(1, 2)).column("train.r2").length, 0);
});
