/** Exported predictors for tests: made by the real program, run by the real runtimes. */

import { encodeModel } from "../../lib/model/model_file.ts";
import type { Model } from "../../lib/model/model.ts";
import { requireSuccess, Workplace } from "../support/cli.ts";

/** A workplace in which `dist/` is the export of a model. */
export async function exported(model: Model, ...flags: string[]): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("m.safetensors"), encodeModel(model));
  requireSuccess(await workplace.weft("export", "--model", "m.safetensors", ...flags));
  return workplace;
}

/** `deno serve` over an exported folder, with no permission besides the port that it takes itself. */
export class DenoServer implements AsyncDisposable {
  private constructor(readonly process: Deno.ChildProcess, readonly address: string) {}

  static async start(folder: string): Promise<DenoServer> {
    const args = ["serve", "--no-prompt", "--no-config", "--host=127.0.0.1", "--port=0"];
    const process = new Deno.Command(Deno.execPath(), {
      args: [...args, `${folder}/predictor.js`],
      env: { NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const reader = process.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`Deno ended before it listened: ${said}`);
      said += value;
      const address = said.match(/Listening on (http:\/\/127\.0\.0\.1:\d+)\//)?.[1];
      if (!address) continue;
      await reader.cancel();
      return new DenoServer(process, address);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
  }
}

/** Sends images of bytes, as JSON or PNG; returns the status and the parsed answer. */
export async function ask(
  address: string,
  body: BodyInit,
  type = "application/json",
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const headers = { "content-type": type };
  const response = await fetch(`${address}/predict`, { method: "POST", headers, body });
  return { status: response.status, answer: await response.json() };
}

/** `serve` over an exported folder, and the address that it prints, without a slash at its end. */
export class Serve implements AsyncDisposable {
  private constructor(readonly process: Deno.ChildProcess, readonly address: string) {}

  static async start(workplace: Workplace, ...args: string[]): Promise<Serve> {
    const process = workplace.start("serve", "--port", "0", "--json", ...args);
    const reader = process.stdout.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    const { address } = JSON.parse(new TextDecoder().decode(value));
    return new Serve(process, address.slice(0, -1));
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await Promise.all([this.process.status, this.process.stderr.cancel()]);
  }
}
