/** y = x where x > 0, else 0.01 x, and its gradient dx = dy where y > 0, else 0.01 dy. */
import { activationBackward, activationForward } from "./elementwise.ts";
import type { Shader } from "./shader.ts";

/** @param inPlace whether y is x */
export function leakyReluForward(inPlace: boolean, software: boolean): Shader {
  return activationForward("leakyRelu", inPlace, software);
}

/** @param inPlace whether dx is dy */
export function leakyReluBackward(inPlace: boolean, software: boolean): Shader {
  return activationBackward("leakyRelu", inPlace, software);
}
