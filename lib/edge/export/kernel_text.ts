/** The predictor's kernels, as they were built. */

import { messageOf, WeftError } from "../../errors.ts";

const BUILDS = {
  relaxed: () => import("../../../assembly/build/predictor.js"),
  strict: () => import("../../../assembly/build/predictor_strict.js"),
};

/**
 * @returns their bytes in base64
 * @throws {WeftError} where they cannot be loaded, with the reason
 */
export async function kernelText(build: keyof typeof BUILDS): Promise<string> {
  try {
    return (await BUILDS[build]()).default;
  } catch (error) {
    throw new WeftError(
      `Cannot load the kernels of the predictor: ${
        messageOf(error)
      }; "deno task build:predictor" makes them`,
      { cause: error },
    );
  }
}
