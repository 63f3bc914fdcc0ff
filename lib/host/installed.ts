/** Takes the place of mod.ts in the npm package, whose program runs on Node and Bun as well. */

import process from "node:process";
import { nodeHost } from "./node.ts";
import type { Host, Installation } from "./types.ts";

export const host: Host = globalThis.Deno ?? nodeHost;

export const installation: Installation = { program: "weft", main: process.argv[1] };
