/** What the command line asks of the machine, whichever runtime it is. */

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

/** How the command line was put on this machine, which says how its commands are typed. */
export interface Installation {
  /** What comes before a command's name. */
  readonly program: "deno task" | "weft";
  /** Where it is a package's and no checkout's: the module that the program is. */
  readonly main: string | null;
}

export type ChildProcess = Deno.ChildProcess;
export type CommandOutput = Deno.CommandOutput;
export type FileInfo = Deno.FileInfo;
export type ForeignLibraryInterface = Deno.ForeignLibraryInterface;
export type FsFile = Deno.FsFile;
export type OpenOptions = Deno.OpenOptions;
export type PointerValue = Deno.PointerValue;
export type Signal = Deno.Signal;
