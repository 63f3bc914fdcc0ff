/** y = 1 / (1 + e^-x), and its gradient dx = dy y (1 - y). */
import { activationBackward, activationForward } from "./elementwise.ts";
import type { Shader } from "./shader.ts";

/** @param inPlace whether y is x */
export function sigmoidForward(inPlace: boolean, software: boolean): Shader {
  return activationForward("sigmoid", inPlace, software);
}

/** @param inPlace whether dx is dy */
export function sigmoidBackward(inPlace: boolean, software: boolean): Shader {
  return activationBackward("sigmoid", inPlace, software);
}
