import assert from "node:assert/strict";
import { encodedCurves } from "../../tests/samples/curves.ts";
import { sampleEpoch } from "../../tests/samples/records.ts";
import { CURVE_COLUMNS, decodeCurves } from "./curves.ts";

Deno.test("curves survive their bytes, and null becomes NaN", () => {
  const epochs = [sampleEpoch(1), { ...sampleEpoch(2), trainLoss: null }, sampleEpoch(7)];
  const curves = decodeCurves(encodedCurves(epochs).buffer);
  for (const column of CURVE_COLUMNS) {
    assert.deepEqual([...curves[column]], epochs.map((epoch) => epoch[column] ?? NaN));
  }
});

Deno.test("no epochs are no bytes", () => {
  assert.equal(encodedCurves([]).length, 0);
  assert.equal(decodeCurves(new ArrayBuffer(0)).epoch.length, 0);
});

Deno.test("bytes that are no whole number of epochs are refused", () => {
  assert.throws(() => decodeCurves(new ArrayBuffer(100)), RangeError);
});
