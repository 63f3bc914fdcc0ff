/**
 * What the command line asks of the machine: files, processes, terminal, signals and permissions. Everything above the
 * library asks here, so that another runtime needs one more implementation of `Host` and nothing else: `installed.ts` takes
 * this module's place in the npm package. The library itself asks nothing of a machine; servers (lib/local_server,
 * dashboard) have sockets of their own.
 */

import type { Host, Installation } from "./types.ts";

export type {
  ChildProcess,
  CommandOutput,
  FileInfo,
  ForeignLibraryInterface,
  FsFile,
  Host,
  OpenOptions,
  PointerValue,
  Signal,
} from "./types.ts";

// Undefined, and not an error, where a page loads a module that never asks.
export const host: Host = globalThis.Deno;

export const installation: Installation = { program: "deno task", main: null };
