/**
 * The machine as Node and Bun show it, with the names that Deno has. Nothing is forbidden there by the runtime, so every
 * permission is granted; files cannot be claimed, so two processes that resume one run are not told of each other.
 */

import fs from "node:fs";
import os from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { asDeno, asDenoLater, nodeErrors } from "./node_errors.ts";
import { fileInfo, NodeFile } from "./node_file.ts";
import { NodeCommand } from "./node_process.ts";
import type { Host } from "./types.ts";

const OPERATING_SYSTEMS: Readonly<Record<string, string>> = { win32: "windows" };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

/** What Deno says of an entry of a folder. */
function entryOf(entry: fs.Dirent) {
  return {
    name: entry.name,
    isFile: entry.isFile(),
    isDirectory: entry.isDirectory(),
    isSymlink: entry.isSymbolicLink(),
  };
}

function removeSync(path: string, { recursive = false } = {}): void {
  asDeno(() => {
    if (!fs.lstatSync(path).isDirectory()) fs.unlinkSync(path);
    else if (recursive) fs.rmSync(path, { recursive });
    else fs.rmdirSync(path);
  });
}

/** Those of a process: an event of the same name tells of a signal. */
const signals = {
  add: (name: string, listener: () => void) => void process.on(name, listener),
  remove: (name: string, listener: () => void) => void process.off(name, listener),
};

const files = {
  lstatSync: (path: string) => asDeno(() => fileInfo(fs.lstatSync(path))),
  statSync: (path: string) => asDeno(() => fileInfo(fs.statSync(path))),
  lstat: (path: string) => asDenoLater(async () => fileInfo(await fs.promises.lstat(path))),
  stat: (path: string) => asDenoLater(async () => fileInfo(await fs.promises.stat(path))),
  makeTempDir: ({ dir = os.tmpdir(), prefix = "" } = {}) =>
    asDenoLater(() => fs.promises.mkdtemp(join(dir, prefix))),
  mkdirSync: (path: string, options?: fs.MakeDirectoryOptions) =>
    asDeno(() => void fs.mkdirSync(path, options)),
  mkdir: (path: string, options?: fs.MakeDirectoryOptions) =>
    asDenoLater(async () => void await fs.promises.mkdir(path, options)),
  open: NodeFile.open,
  openSync: NodeFile.openSync,
  readDirSync: (path: string) =>
    asDeno(() => fs.readdirSync(path, { withFileTypes: true })).map(entryOf),
  async *readDir(path: string) {
    yield* (await asDenoLater(() => fs.promises.readdir(path, { withFileTypes: true })))
      .map(entryOf);
  },
  readFile: (path: string) =>
    asDenoLater(async () => new Uint8Array(await fs.promises.readFile(path))),
  readTextFile: (path: string) => asDenoLater(() => fs.promises.readFile(path, "utf8")),
  readTextFileSync: (path: string) => asDeno(() => fs.readFileSync(path, "utf8")),
  realPath: (path: string) => asDenoLater(() => fs.promises.realpath(path)),
  realPathSync: (path: string) => asDeno(() => fs.realpathSync(path)),
  removeSync,
  remove: (path: string, options?: { recursive?: boolean }) =>
    asDenoLater(() => Promise.resolve(removeSync(path, options))),
  rename: (from: string, to: string) => asDenoLater(() => fs.promises.rename(from, to)),
  renameSync: (from: string, to: string) => asDeno(() => fs.renameSync(from, to)),
  writeFile: (path: string, bytes: Uint8Array) =>
    asDenoLater(() => fs.promises.writeFile(path, bytes)),
};

const GRANTED = { state: "granted", onchange: null, partial: false };

/** Which runtime this is, in the place where logs have Deno's version. */
function runtime(): string {
  const { node, bun } = process.versions;
  return bun ? `none (Bun ${bun})` : `none (Node ${node})`;
}

export const nodeHost = {
  ...files,
  addSignalListener: signals.add,
  removeSignalListener: signals.remove,
  args: process.argv.slice(2),
  build: {
    os: OPERATING_SYSTEMS[process.platform] ?? process.platform,
    arch: ARCHITECTURES[process.arch] ?? process.arch,
  },
  Command: NodeCommand,
  cwd: () => process.cwd(),
  env: {
    get: (name: string) => process.env[name],
    set: (name: string, value: string) => void (process.env[name] = value),
  },
  errors: nodeErrors,
  execPath: () => process.execPath,
  exit: (code?: number) => process.exit(code),
  memoryUsage: () => process.memoryUsage(),
  permissions: { query: () => Promise.resolve(GRANTED), querySync: () => GRANTED },
  version: { deno: runtime(), v8: process.versions.v8 ?? "none", typescript: "none" },
  consoleSize: () => ({ columns: process.stdout.columns, rows: process.stdout.rows }),
  inspect,
  stdin: Object.defineProperty(new NodeFile(0), "readable", {
    get: () => Readable.toWeb(process.stdin),
  }),
  stdout: new NodeFile(1),
  stderr: new NodeFile(2),
} as unknown as Host;
