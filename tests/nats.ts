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
    readonly stores: boolean,
  ) {}

  /** @param stores whether it has JetStream */
  static async start(stores = true): Promise<NatsServer> {
    // Nobody else gets the number again so soon.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const server = new NatsServer(await temporaryFolder(), port, stores);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Again, on what it has stored. */
  async start(): Promise<void> {
    this.#process = new Deno.Command("nats-server", {
      args: [
        ...["-a", "127.0.0.1", "-p", String(this.port)],
        ...(this.stores ? ["-js", "-sd", this.folder.path] : []),
      ],
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

/** Stands between a server and a worker, as a network that fails: nothing goes through for some time, and then it breaks. */
export class Network implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.Conn>();
  readonly #done = this.#accept();
  #isCut = false;

  constructor(readonly server: NatsServer) {}

  get url(): string {
    return `nats://127.0.0.1:${this.#listener.addr.port}`;
  }

  async cut(ms: number): Promise<void> {
    this.#isCut = true;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#isCut = false;
    this.#closeAll();
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.server.port })
        .catch(() => null);
      if (!far) {
        near.close();
        continue;
      }
      for (const end of [near, far]) this.#open.add(end);
      void this.#forward(near, far);
      void this.#forward(far, near);
    }
  }

  async #forward(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const bytes = new Uint8Array(65536);
    try {
      for (let count = await from.read(bytes); count !== null; count = await from.read(bytes)) {
        while (this.#isCut) await new Promise((resolve) => setTimeout(resolve, 50));
        const writer = to.writable.getWriter();
        await writer.write(bytes.slice(0, count));
        writer.releaseLock();
      }
    } catch {
      // One of the two has gone.
    }
    for (const end of [from, to]) this.#close(end);
  }

  #close(end: Deno.Conn): void {
    if (!this.#open.delete(end)) return;
    try {
      end.close();
    } catch {
      // It is closed.
    }
  }

  #closeAll(): void {
    for (const end of this.#open) this.#close(end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isCut = false;
    this.#listener.close();
    this.#closeAll();
    await this.#done;
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
