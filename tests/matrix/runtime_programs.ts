/** Runtimes that npm installs. */

import { join } from "node:path";

const PLATFORM = `${Deno.build.os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;

/** The packages that `node` and `bun` of npm choose by platform; they alone have no scripts to run. */
export const RUNTIMES = {
  node18: `npm:node-${PLATFORM}@^18`,
  node20: `npm:node-${PLATFORM}@^20`,
  node22: `npm:node-${PLATFORM}@^22`,
  node24: `npm:node-${PLATFORM}@^24`,
  bun: `npm:@oven/bun-${PLATFORM}@^1.4`,
};

/** The program of a runtime that was installed in a folder; of Deno, this one. */
export function programOf(folder: string, runtime: string): string {
  if (runtime === "deno") return Deno.execPath();
  return join(folder, "node_modules", runtime, "bin", runtime.replace(/\d+/, ""));
}
