/** y = x Phi(x), and its gradient dx = dy (Phi(x) + x phi(x)), from x. */
import { activationBackward, activationForward } from "./elementwise.ts";
import type { Shader } from "./shader.ts";

/** @param inPlace whether y is x */
export function geluForward(inPlace: boolean, software: boolean): Shader {
  return activationForward("gelu", inPlace, software);
}

/** @param inPlace whether dx is dy */
export function geluBackward(inPlace: boolean, software: boolean): Shader {
  return activationBackward("gelu", inPlace, software);
}
