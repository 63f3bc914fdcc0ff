/** Makes `predictor.js`, the one module that answers requests. */

import { filled } from "./gaps.ts";
import { type PageKind, predictorTemplate } from "./templates.ts";

/** By its first line a folder is known as one that `export` has made. */
export const FIRST_LINE =
  "// A predictor for the edge, made by Weft. See https://deno.com and workerd.\n";

/**
 * @param allowOrigins of other sites whose pages may ask, or `*`
 * @returns the module: the handler, and the page's files as texts
 */
export async function bundlePredictor(
  allowOrigins: readonly string[],
  kind: PageKind,
): Promise<Uint8Array> {
  const text = filled(await predictorTemplate(kind), { origins: allowOrigins });
  return new TextEncoder().encode(FIRST_LINE + text);
}
