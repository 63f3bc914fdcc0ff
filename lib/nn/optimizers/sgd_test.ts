import assert from "node:assert/strict";
import { createReference } from "../../backends/reference/reference_backend.ts";
import { DefinedOptimizer } from "./definition.ts";
import { sgd } from "./sgd.ts";

Deno.test("a step takes the batch's share of the penalties, and of weights alone", async () => {
  const backend = createReference();
  const parameter = (penalized: boolean) => {
    const [value, residual, gradient] = [1, 2, 3].map(() => backend.allocate(1, 2));
    backend.write(value, new Float32Array([1, -2]));
    backend.write(gradient, new Float32Array([4, 8]));
    return { name: "w", value, slots: [residual], gradient, penalized };
  };
  const [weights, bias] = [parameter(true), parameter(false)];
  // Of a batch of 4 rows: l1 / 4 = 1 and l2 / 4 = 0.5.
  const step = { number: 0, learningRate: 0.5, batchRows: 4, scale: null };
  new DefinedOptimizer(sgd, { l1: 4, l2: 2 }).step(backend, [weights, bias], step);
  assert.deepEqual([...await backend.read(weights.value)], [1 - 0.5 * 5.5, -2 - 0.5 * 6]);
  assert.deepEqual([...await backend.read(bias.value)], [1 - 0.5 * 4, -2 - 0.5 * 8]);
});
