/** Processes that Node starts, with Deno's methods. */

import { type ChildProcess as NodeChild, spawn } from "node:child_process";
import process from "node:process";
import { Readable, Writable } from "node:stream";
import { asDeno } from "./node_errors.ts";
import type { ChildProcess } from "./types.ts";

type Options = ConstructorParameters<typeof Deno.Command>[1];

/** As much of `Deno.Command` as Weft asks for. */
export class NodeCommand {
  constructor(readonly program: string, readonly options: Options = {}) {}

  spawn(): ChildProcess {
    const { args = [], env, cwd, stdin, stdout, stderr } = this.options!;
    const kind = (wanted: typeof stdin) =>
      wanted === "piped" ? "pipe" : wanted === "null" ? "ignore" : "inherit";
    const child = asDeno(() =>
      spawn(this.program, [...args], {
        cwd: cwd as string | undefined,
        env: { ...process.env, ...env },
        stdio: [kind(stdin), kind(stdout), kind(stderr)],
      })
    );
    return wrapped(child);
  }
}

function wrapped(child: NodeChild): ChildProcess {
  const status = new Promise<Deno.CommandStatus>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      resolve({
        success: code === 0,
        code: code ?? 1,
        signal: signal as Deno.Signal | null,
      }));
  });
  const stream = (from: Readable | null) => from && Readable.toWeb(from);
  // A process that has ended leaves a pipe that nobody reads.
  child.stdin?.on("error", () => {});
  return {
    pid: child.pid ?? 0,
    status,
    stdin: child.stdin && Writable.toWeb(child.stdin),
    stdout: stream(child.stdout),
    stderr: stream(child.stderr),
    kill: (signal: Deno.Signal = "SIGTERM") => void child.kill(signal as NodeJS.Signals),
    async [Symbol.asyncDispose]() {
      child.kill();
      await status.catch(() => {});
    },
  } as unknown as ChildProcess;
}
