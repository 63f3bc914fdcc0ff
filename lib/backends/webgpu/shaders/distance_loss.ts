/** Losses by the distance from a target: see assembly/distance_loss.ts. */
import { DISTANCES } from "../../../backend/distances.ts";
import { lossShader } from "./loss_frame.ts";
import type { Lanes } from "./rows.ts";
import type { Shader } from "./shader.ts";

export function distanceLoss(
  lanes: Lanes,
  weighted: boolean,
  inPlace: boolean,
  software: boolean,
): Shader {
  return lossShader(
    {
      name: "distance_loss",
      parameter: "delta: f32, distance: u32",
      bindings: [["targets", "f32", "read"], ["order", "u32", "read"]],
      functions: "",
      element: `let d = logit - targets[target_ + j];
    var slope = d + d;
    var loss = d * d;
    if (p.distance == ${DISTANCES.indexOf("huber")}u && !isNan(bitcast<u32>(d))) {
      slope = clamp(d, -p.delta, p.delta);
      loss = select(p.delta * (abs(d) - 0.5 * p.delta), 0.5 * loss, abs(d) <= p.delta);
    }`,
    },
    lanes,
    weighted,
    inPlace,
    software,
  );
}
