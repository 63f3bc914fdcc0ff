import assert from "node:assert/strict";
import fc from "fast-check";
import { linearScale, logScale, logScaleAround } from "./svg_scale.ts";

Deno.test("a linear axis runs from round number to round number", () => {
  assert.deepEqual(linearScale([0.83, 2.31]).ticks, [0.5, 1, 1.5, 2, 2.5]);
  assert.deepEqual(linearScale([0.1, 0.7]).ticks, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
  assert.deepEqual(linearScale([3]).ticks, [1.5, 2, 2.5, 3, 3.5, 4, 4.5]);
});

Deno.test("whatever the values, an axis holds them between its ends and has few ticks", () => {
  const value = fc.double({ min: 1e-9, max: 1e12, noNaN: true });
  const values = fc.array(value, { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(values, fc.boolean(), (values, isLog) => {
    const scale = isLog ? logScaleAround(values) : linearScale(values);
    for (const value of values) {
      const at = scale.at(value);
      assert(at >= -1e-9 && at <= 1 + 1e-9, `${value} at ${at}`);
    }
    assert(scale.ticks.length >= 2 && scale.ticks.length <= 24, String(scale.ticks));
    assert(scale.ticks.every((tick, i) => i === 0 || tick > scale.ticks[i - 1]));
  }));
});

Deno.test("without values an axis is there all the same", () => {
  assert.deepEqual(linearScale([]).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(logScaleAround([]).ticks.at(0), 1);
});

Deno.test("an axis has two ends though its values round to one", () => {
  for (const values of [[999999999999.9, 1e12], [1e12], [0.1, 0.1 + 1e-17]]) {
    for (const { ticks } of [linearScale(values), logScaleAround(values)]) {
      assert(ticks.length >= 2, `${values}: ${ticks}`);
    }
  }
});

Deno.test("a logarithmic axis has powers of ten, and more where it is short", () => {
  assert.deepEqual(logScale(0.001, 100).ticks, [0.001, 0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(logScaleAround([2, 9]).ticks, [2, 3, 5, 7, 10]);
});
