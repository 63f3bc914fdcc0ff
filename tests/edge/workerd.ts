/** workerd, the runtime of Cloudflare Workers, from npm: finds and runs it, for tests and benchmarks. */

import { fileURLToPath } from "node:url";
import { messageOf } from "../../lib/errors.ts";

/** Where the program is; or in one line why it cannot be had. */
export type FoundWorkerd = { readonly path: string } | { readonly reason: string };

/**
 * Finds the program; where it has not been fetched yet, from npm.
 *
 * @param deno what to fetch it with
 * @param launcher a program and its arguments that start it, such as `["taskset", "-c", "0"]`
 */
export async function findWorkerd(
  deno: string = Deno.execPath(),
  launcher: readonly string[] = [],
): Promise<FoundWorkerd> {
  const lock = ["--no-config", `--lock=${pathOf("workerd.lock")}`, "--frozen"];
  const flags = ["-q", "--no-prompt", "--allow-read", "--allow-env", ...lock];
  try {
    const path = await outputOf([deno, "run", ...flags, pathOf("workerd_path.ts")]);
    await outputOf([...launcher, path, "--version"]);
    return { path };
  } catch (error) {
    return { reason: `workerd cannot be had: ${messageOf(error)}` };
  }
}

/** A server of an exported predictor, at any free port of this machine. */
export class Workerd implements AsyncDisposable {
  private constructor(readonly process: Deno.ChildProcess, readonly address: string) {}

  /**
   * @param path of the program
   * @param folder that `export` wrote
   */
  static async start(
    path: string,
    folder: string,
    launcher: readonly string[] = [],
  ): Promise<Workerd> {
    const socket = ["--control-fd=1", "--socket-addr=http=127.0.0.1:0"];
    const [program, ...args] = [...launcher, path, "serve", `${folder}/workerd.capnp`, ...socket];
    const process = new Deno.Command(program, { args, stdout: "piped", stderr: "inherit" }).spawn();
    // It says at which port it listens in a line of JSON.
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    while (!said.includes("\n")) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`workerd ended before it listened: ${said}`);
      said += value;
    }
    // The stream must not keep the test; the process says nothing more.
    await reader.cancel();
    const { port } = JSON.parse(said.slice(0, said.indexOf("\n")));
    return new Workerd(process, `http://127.0.0.1:${port}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** What a program prints; throws the first line of what it complains of. */
async function outputOf([program, ...args]: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout).trim();
  throw new Error(
    decoder.decode(stderr).trim().split("\n")[0].replace(/^error: /, "") || "it ends at once",
  );
}
