/** Starts the dashboard's server for tests: the real program, with the permissions that deno.json grants to its task. */

import assert from "node:assert/strict";
import { join } from "node:path";
import type { EndRecord, EpochRecord, RunRecord } from "../../lib/run_log/run/records.ts";
import { sampleEnd, sampleEpoch, sampleRun } from "../samples/records.ts";
import { closeWhatAsks } from "./before_end.ts";
import { denoConfig, lockFlags, under } from "./cli.ts";
import { temporaryFolder } from "./temp_folder.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** This Deno; by its name on the path where leave was given for that only, as benchmarks have it. */
const DENO = mayRun(Deno.execPath()) ? Deno.execPath() : "deno";

function mayRun(command: string): boolean {
  return Deno.permissions.querySync({ name: "run", command }).state === "granted";
}

/** A server, and the folder whose `runs/` it shows. */
export class Dashboard implements AsyncDisposable {
  private constructor(
    readonly folder: string,
    readonly process: Deno.ChildProcess,
    /** Such as `http://127.0.0.1:8421`. */
    readonly address: string,
    /** What it printed when it was ready. */
    readonly greeting: string,
  ) {}

  /** Starts a server and waits until it listens, at any free port unless `args` say otherwise. */
  static async start(folder: string, ...args: string[]): Promise<Dashboard> {
    const port = args.includes("--port") ? [] : ["--port", "0"];
    return await Dashboard.listening(folder, startDashboard(folder, ...port, ...args));
  }

  /** Waits until a server that was started listens. */
  static async listening(folder: string, process: Deno.ChildProcess): Promise<Dashboard> {
    const greeting = await greetingIn(process.stdout);
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(greeting)?.[0];
    assert(address, greeting);
    return new Dashboard(folder, process, address, greeting);
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.address + path, init);
  }

  async json<T>(path: string): Promise<T> {
    const response = await this.fetch(path);
    assert.equal(response.headers.get("content-type"), "application/json");
    return await response.json();
  }

  /** What the process holds of the machine's memory, in MB; Linux only. Asks a program, because Deno guards `/proc`. */
  async megabytes(): Promise<number> {
    const args = ["VmRSS", `/proc/${this.process.pid}/status`];
    const { stdout } = await new Deno.Command("grep", { args }).output();
    return Math.round(Number(/\d+/.exec(new TextDecoder().decode(stdout))![0]) / 1000);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeWhatAsks();
    try {
      this.process.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await Promise.all([this.process.status, this.process.stderr.cancel()]);
  }
}

/** Starts the program and leaves it running. */
export function startDashboard(folder: string, ...args: string[]): Deno.ChildProcess {
  return new Deno.Command(DENO, optionsFor(folder, programWith(args))).spawn();
}

/** The same after a line of shell that limits what it may use, such as `ulimit -n 90`. */
export function startDashboardUnder(
  limit: string,
  folder: string,
  ...args: string[]
): Deno.ChildProcess {
  return new Deno.Command("sh", optionsFor(folder, under(limit, programWith(args)))).spawn();
}

function programWith(args: readonly string[]): string[] {
  return [
    ...["run", "-q", "--no-prompt", ...permissionFlags(), engineFlags()],
    ...["--config", join(ROOT, "deno.json"), ...lockFlags("dashboard")],
    ...[join(ROOT, "dashboard/main.ts"), ...args],
  ];
}

function optionsFor(folder: string, args: string[]) {
  // Else the repository's own runs would be shown where the folder has none.
  const env = { INIT_CWD: "", WEFT_HOME: folder };
  return { cwd: folder, args, env, stdin: "null", stdout: "piped", stderr: "piped" } as const;
}

/** The set as flags. */
function permissionFlags(): string[] {
  return Object.entries(denoConfig.permissions.dashboard).map(([kind, scope]) =>
    typeof scope === "boolean" ? `--allow-${kind}` : `--allow-${kind}=${scope.join()}`
  );
}

/** What the task tells the engine: to use less memory. */
function engineFlags(): string {
  const flags = /--v8-flags=\S+/.exec(denoConfig.tasks.dashboard.command)?.[0];
  assert(flags, "the task has flags for the engine");
  return flags;
}

/** The line of a stream that says the address, and everything before it where none does. The stream is let continue. */
async function greetingIn(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.pipeThrough(new TextDecoderStream() as never).getReader();
  let text = "";
  for (;;) {
    const greeting = /^Weft dashboard: .*(?=\n)/m.exec(text)?.[0];
    const { done, value } = greeting ? { done: true } : await reader.read();
    if (done) {
      reader.cancel();
      return greeting ?? text;
    }
    text += value;
  }
}

/** A temporary folder with a folder `runs/`. */
export class RunsFolder implements AsyncDisposable {
  private constructor(readonly folder: Awaited<ReturnType<typeof temporaryFolder>>) {}

  static async create(): Promise<RunsFolder> {
    const runs = new RunsFolder(await temporaryFolder());
    await Deno.mkdir(join(runs.path, "runs"));
    return runs;
  }

  get path(): string {
    return this.folder.path;
  }

  /** The path of a run's file. */
  file(name: string, file = "log.jsonl"): string {
    return join(this.path, "runs", name, file);
  }

  /** Writes a run's log, and makes its folder where it is missing. */
  write(name: string, ...records: readonly (object | string)[]): void {
    Deno.mkdirSync(join(this.path, "runs", name), { recursive: true });
    Deno.writeTextFileSync(this.file(name), toLines(...records));
  }

  append(name: string, ...records: readonly (object | string)[]): void {
    Deno.writeTextFileSync(this.file(name), toLines(...records), { append: true });
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.folder[Symbol.asyncDispose]();
  }
}

/** Lines of a log; a text is taken as it is, without a line feed. */
export function toLines(...records: readonly (object | string)[]): string {
  return records.map((record) =>
    typeof record === "string" ? record : `${JSON.stringify(record)}\n`
  ).join("");
}

export function runNamed(name: string, startedAt = "2026-11-23T10:31:07.000Z"): RunRecord {
  return { ...sampleRun, name, startedAt };
}

/** Epochs from `first` to `last`. */
export function epochs(first: number, last: number): EpochRecord[] {
  return Array.from({ length: last - first + 1 }, (_, i) => sampleEpoch(first + i));
}

export const theEnd: EndRecord = sampleEnd;
