import assert from "node:assert/strict";
import { foldInputMap, INPUT_SCALE } from "./input_map.ts";

Deno.test("a folded layer makes of scaled bytes what the layer makes of mapped ones", () => {
  const map = { scale: 1 / 64, offset: -0.75 };
  const weights = Float32Array.of(1, -2, 0.5, 4, 3, -1);
  const bias = Float32Array.of(0.25, -8);
  const folded = foldInputMap({ weights, bias }, map);
  const bytes = [0, 255, 128];
  for (const o of [0, 1]) {
    const [z, ofFolded] = [
      bytes.reduce((sum, x, i) => sum + (map.scale * x + map.offset) * weights[2 * i + o], bias[o]),
      bytes.reduce(
        (sum, x, i) => sum + INPUT_SCALE * x * folded.weights[2 * i + o],
        folded.bias[o],
      ),
    ];
    // Each of the four numbers was rounded to float32 once.
    assert(Math.abs(z - ofFolded) <= 4 * 2 ** -24 * 40, `${ofFolded} for ${z}`);
  }
});
