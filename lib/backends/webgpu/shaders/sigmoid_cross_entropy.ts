/** The cross-entropy of targets that are yes or no: see assembly/sigmoid_cross_entropy.ts. */
import { lossShader } from "./loss_frame.ts";
import { EXP } from "./math/exp.ts";
import { LOG } from "./math/log.ts";
import type { Lanes } from "./rows.ts";
import type { Shader } from "./shader.ts";

export function sigmoidCrossEntropy(
  lanes: Lanes,
  weighted: boolean,
  inPlace: boolean,
  software: boolean,
): Shader {
  return lossShader(
    {
      name: "sigmoid_cross_entropy",
      parameter: "positiveOffset: u32",
      bindings: [
        ["targets", "u32", "read"],
        ["order", "u32", "read"],
        ["positive", "f32", "read"],
      ],
      functions: `${EXP}${LOG}
/** ln(1 + x) for x from 0 to 1, by the rounding of 1 + x (Kahan). */
fn log1pOf(x: f32) -> f32 {
  let sum = opaque(1.0 + x);
  if (sum == 1.0) { return x; }
  return logOf(sum) * divide(x, sum - 1.0);
}`,
      element: `let isYes = ((targets[target_ + j / 4u] >> (8u * (j % 4u))) & 255u) != 0u;
    let e = expOf(-abs(logit));
    let large = divide(1.0, 1.0 + e);
    let small = e * large;
    let signed = select(logit, -logit, isYes);
    let factor = select(1.0, positive[p.positiveOffset + j], isYes);
    // A maximum may lose what is not a number.
    let above = select(max(signed, 0.0), signed, isNan(bitcast<u32>(signed)));
    let loss = factor * (above + log1pOf(e));
    let size = factor * select(small, large, signed >= 0.0);
    let slope = select(select(size, -size, isYes), signed, isNan(bitcast<u32>(signed)));`,
    },
    lanes,
    weighted,
    inPlace,
    software,
  );
}
