/** y = tanh(x), and its gradient dx = dy (1 - y^2). */
import { activationBackward, activationForward } from "./elementwise.ts";
import type { Shader } from "./shader.ts";

/** @param inPlace whether y is x */
export function tanhForward(inPlace: boolean, software: boolean): Shader {
  return activationForward("tanh", inPlace, software);
}

/** @param inPlace whether dx is dy */
export function tanhBackward(inPlace: boolean, software: boolean): Shader {
  return activationBackward("tanh", inPlace, software);
}
