/** Open files of Node with Deno's methods. */

import fs from "node:fs";
import { isatty } from "node:tty";
import { asDeno, asDenoLater, nodeErrors } from "./node_errors.ts";
import type { FileInfo, OpenOptions } from "./types.ts";

/** Before a read of a terminal or pipe that has nothing yet is tried again. */
const EMPTY_PIPE_MS = 10;

/** What `fs.open` takes for what `Deno.open` takes. */
function flagsOf(
  { read, write, append, create, createNew, truncate }: OpenOptions = { read: true },
): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_TRUNC } = fs.constants;
  const writes = write || append;
  return (writes ? (read ? O_RDWR : O_WRONLY) : O_RDONLY) | (append ? O_APPEND : 0) |
    (create || createNew ? O_CREAT : 0) | (createNew ? O_EXCL : 0) | (truncate ? O_TRUNC : 0);
}

/** As much of `Deno.FileInfo` as Weft asks for. */
export function fileInfo(stats: fs.Stats): FileInfo {
  return {
    isFile: stats.isFile(),
    isDirectory: stats.isDirectory(),
    isSymlink: stats.isSymbolicLink(),
    size: stats.size,
    mtime: stats.mtime,
    atime: stats.atime,
    // Where the system knows none, Bun gives the time of the last change instead.
    birthtime: "bun" in process.versions ? null : stats.birthtime,
    dev: stats.dev,
    ino: stats.ino,
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    nlink: stats.nlink,
  } as FileInfo;
}

/** A file by its descriptor: one that was opened, or a standard stream. */
export class NodeFile implements Disposable {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  static openSync(path: string, options?: OpenOptions): NodeFile {
    return asDeno(() => new NodeFile(fs.openSync(path, flagsOf(options), options?.mode)));
  }

  /** Never waits for the other end of a pipe, as `Deno.open` does in a thread of its own. */
  static open(path: string, options?: OpenOptions): Promise<NodeFile> {
    return asDenoLater(() =>
      new Promise((resolve, reject) =>
        fs.open(path, flagsOf(options), options?.mode, (error, descriptor) => {
          if (error) reject(error);
          else resolve(new NodeFile(descriptor));
        })
      )
    );
  }

  isTerminal(): boolean {
    return isatty(this.#descriptor);
  }

  /** @returns bytes that were read; null at the end */
  async read(into: Uint8Array): Promise<number | null> {
    if (into.length === 0) return 0;
    try {
      return await this.#read(into) || null;
    } catch (error) {
      const { code } = error as { readonly code?: string };
      if (code === "EOF") return null; // So Windows ends a pipe.
      if (code !== "EAGAIN") throw asDenoError(error);
      await new Promise((resolve) => setTimeout(resolve, EMPTY_PIPE_MS));
      return this.read(into);
    }
  }

  #read(into: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) =>
      fs.read(this.#descriptor, into, 0, into.length, null, (error, count) => {
        if (error) reject(error);
        else resolve(count);
      })
    );
  }

  readSync(into: Uint8Array): number | null {
    if (into.length === 0) return 0;
    return asDeno(() => fs.readSync(this.#descriptor, into)) || null;
  }

  write(bytes: Uint8Array): Promise<number> {
    return asDenoLater(() =>
      new Promise((resolve, reject) =>
        fs.write(this.#descriptor, bytes, (error, count) => {
          if (error) reject(error);
          else resolve(count);
        })
      )
    );
  }

  writeSync(bytes: Uint8Array): number {
    return asDeno(() => fs.writeSync(this.#descriptor, bytes));
  }

  stat(): Promise<FileInfo> {
    return asDenoLater(() => Promise.resolve(this.statSync()));
  }

  statSync(): FileInfo {
    return asDeno(() => fileInfo(fs.fstatSync(this.#descriptor)));
  }

  truncateSync(length = 0): void {
    asDeno(() => fs.ftruncateSync(this.#descriptor, length));
  }

  sync(): Promise<void> {
    return asDenoLater(() =>
      new Promise((resolve, reject) =>
        fs.fsync(this.#descriptor, (error) => {
          if (error) reject(error);
          else resolve();
        })
      )
    );
  }

  syncSync(): void {
    asDeno(() => fs.fsyncSync(this.#descriptor));
  }

  syncDataSync(): void {
    asDeno(() => fs.fdatasyncSync(this.#descriptor));
  }

  /** Node has no claims on files; those who want one take this as a file system without them. */
  tryLockSync(): never {
    throw new nodeErrors.NotSupported("this runtime cannot lock files");
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function asDenoError(error: unknown): unknown {
  try {
    return asDeno(() => {
      throw error;
    });
  } catch (translated) {
    return translated;
  }
}
