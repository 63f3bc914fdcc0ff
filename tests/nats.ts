/** A NATS server for tests, which they kill and start again. */
import { Workplace } from "./support/cli.ts";
import { temporaryFolder } from "./support/temp_folder.ts";

/** Why there is none; null where there is one. */
export const NO_NATS: string | null = whyNoServer();

function whyNoServer(): string | null {
  if (Deno.build.os !== "linux") return "it needs Linux";
  const { success } = new Deno.Command("sh", { args: ["-c", "command -v nats-server"] })
    .outputSync();
  return success ? null : "nats-server is not installed";
}

export class NatsServer implements AsyncDisposable {
  #process: Deno.ChildProcess | null = null;

  private constructor(
    readonly folder: Awaited<ReturnType<typeof temporaryFolder>>,
    readonly port: number,
  ) {}

  static async start(): Promise<NatsServer> {
    // Nobody else gets the number again so soon.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const server = new NatsServer(await temporaryFolder(), port);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Again, on what it has stored. */
  async start(): Promise<void> {
    this.#process = new Deno.Command("nats-server", {
      args: ["-a", "127.0.0.1", "-p", String(this.port), "-js", "-sd", this.folder.path],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let said = "";
    const lines = this.#process.stderr.pipeThrough(new TextDecoderStream());
    for await (const text of lines.values({ preventCancel: true })) {
      said += text;
      if (said.includes("Server is ready")) break;
    }
    // What it says from then on is of no use, but has to go somewhere.
    this.#rest = lines.pipeTo(new WritableStream()).catch(() => {});
  }
  #rest: Promise<void> = Promise.resolve();

  signal(signal: Deno.Signal): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.status;
    await this.#rest;
    this.#process = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.folder[Symbol.asyncDispose]();
  }
}

/** A command in a folder of its own, as on a machine of its own, that can be killed. */
export class Machine implements AsyncDisposable {
  #process: Deno.ChildProcess | null = null;
  #output: Promise<Deno.CommandOutput> | null = null;

  private constructor(readonly workplace: Workplace) {}

  static async create(): Promise<Machine> {
    return new Machine(await Workplace.create());
  }

  start(...args: string[]): void {
    this.#process = this.workplace.start(...args);
    this.#output = this.#process.output();
  }

  /** @returns what it has said and its exit code, once it ends */
  async end(): Promise<{ code: number; stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await this.#output!;
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    this.#process = null;
    return { code, stdout: out, stderr: err };
  }

  async kill(signal: Deno.Signal = "SIGKILL"): Promise<void> {
    if (!this.#process) return;
    this.#process.kill(signal);
    await this.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.workplace[Symbol.asyncDispose]();
  }
}
