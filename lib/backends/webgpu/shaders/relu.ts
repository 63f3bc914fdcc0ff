/** y = max(x, 0), and its gradient dx = dy where y > 0, else 0. */
import { activationBackward, activationForward } from "./elementwise.ts";
import type { Shader } from "./shader.ts";

/** @param inPlace whether y is x */
export function reluForward(inPlace: boolean, software: boolean): Shader {
  return activationForward("relu", inPlace, software);
}

/** @param inPlace whether dx is dy */
export function reluBackward(inPlace: boolean, software: boolean): Shader {
  return activationBackward("relu", inPlace, software);
}
