/**
 * What the command line asks of the machine: files, processes, terminal, signals and permissions. Everything above the
 * library asks here, so that another runtime needs one more implementation of `Host` and nothing else. The library itself
 * asks nothing of a machine; servers (lib/local_server, dashboard) have sockets of their own.
 */

/** Deno's own names and meanings: they are documented, and the tests run against them. */
export type Host = Pick<
  typeof Deno,
  // Files. Where a path must not be a link, `openSync`, `lstatSync` and a file's own `statSync` tell.
  | "lstat"
  | "lstatSync"
  | "makeTempDir"
  | "mkdir"
  | "mkdirSync"
  | "open"
  | "openSync"
  | "readDir"
  | "readDirSync"
  | "readFile"
  | "readTextFile"
  | "readTextFileSync"
  | "realPath"
  | "realPathSync"
  | "remove"
  | "removeSync"
  | "rename"
  | "renameSync"
  | "stat"
  | "statSync"
  | "writeFile"
  // This process, and those that it starts.
  | "addSignalListener"
  | "args"
  | "build"
  | "Command"
  | "cwd"
  | "env"
  | "errors"
  | "execPath"
  | "exit"
  | "memoryUsage"
  | "permissions"
  | "removeSignalListener"
  | "version"
  // The machine's name, and libraries of its own.
  | "dlopen"
  | "hostname"
  // The terminal.
  | "consoleSize"
  | "inspect"
  | "stderr"
  | "stdin"
  | "stdout"
>;

// Undefined, and not an error, where a page loads a module that never asks.
export const host: Host = globalThis.Deno;

export type ChildProcess = Deno.ChildProcess;
export type CommandOutput = Deno.CommandOutput;
export type FileInfo = Deno.FileInfo;
export type FsFile = Deno.FsFile;
export type ForeignLibraryInterface = Deno.ForeignLibraryInterface;
export type OpenOptions = Deno.OpenOptions;
export type PointerValue = Deno.PointerValue;
export type Signal = Deno.Signal;
