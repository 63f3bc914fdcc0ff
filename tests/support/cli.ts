/**
 * Runs Weft's command line for tests: the real program, in a folder of its own, with the
 * permissions that deno.json grants to its task.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { writeFiles } from "./idx_files.ts";
import { stripedIdxFiles } from "./striped_images.ts";
import { temporaryFolder } from "./temp_folder.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** What a command left when it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface CommandSettings {
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the command sees `env` only, and not what the tests see. */
  readonly clearEnv?: boolean;
  /** A module that runs before the program. */
  readonly preload?: string;
}

/** A named set of permissions in deno.json. */
type PermissionSet = Readonly<Record<string, boolean | readonly string[]>>;

interface DenoConfig {
  readonly tasks: Readonly<Record<string, { readonly command: string }>>;
  readonly permissions: Readonly<Record<string, PermissionSet>>;
}

/** What deno.json says. */
export const denoConfig: DenoConfig = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json")));

/** A folder to run commands in; `runs/` comes to be in it, and not in the repository. */
export class Workplace implements AsyncDisposable {
  private constructor(readonly folder: Awaited<ReturnType<typeof temporaryFolder>>) {}

  /** A workplace whose folder `data/` holds the striped images. */
  static async create(): Promise<Workplace> {
    const workplace = new Workplace(await temporaryFolder());
    await writeFiles(workplace.path("data"), stripedIdxFiles());
    return workplace;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.folder[Symbol.asyncDispose]();
  }

  /** The full path of something in the folder. */
  path(name: string): string {
    return join(this.folder.path, name);
  }

  /** Runs a command, such as `weft("train", "--epochs", "3")`, to its end. */
  weft(...args: string[]): Promise<Outcome> {
    return this.weftWith({}, ...args);
  }

  async weftWith(settings: CommandSettings, ...args: string[]): Promise<Outcome> {
    const output = await new Deno.Command(Deno.execPath(), {
      ...this.#options(settings, args),
      stdout: "piped",
      stderr: "piped",
    }).output();
    return decode(output);
  }

  /** Starts a command and leaves it running. */
  start(...args: string[]): Deno.ChildProcess {
    const options = { ...this.#options({}, args), stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command(Deno.execPath(), options).spawn();
  }

  /** The same after a line of shell that limits what it may use, such as `ulimit -n 90`. */
  startUnder(limit: string, ...args: string[]): Deno.ChildProcess {
    const { args: program, ...settings } = this.#options({}, args);
    const options = { ...settings, stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command("sh", { ...options, args: under(limit, program) }).spawn();
  }

  /** A line of shell with the program and the permissions of the command that follows in place of each `$WEFT`. */
  expand(line: string): string {
    return line.replaceAll(/\$WEFT ([\w:-]+)/g, (_, command) => {
      const program = [Deno.execPath(), ...this.#options({}, [command]).args];
      return program.map((part) => `'${part}'`).join(" ");
    });
  }

  /** Runs a line of shell; see `expand`. */
  async shell(line: string): Promise<Outcome> {
    const options = this.#options({}, []);
    const output = await new Deno.Command("sh", {
      ...options,
      args: ["-c", this.expand(line)],
      stdout: "piped",
      stderr: "piped",
    }).output();
    return decode(output);
  }

  /** Names of what lies in the folder, or in one below it, besides the data. */
  contents(below = ""): string[] {
    const names = Array.from(Deno.readDirSync(this.path(below)), ({ name }) => name);
    return names.filter((name) => name !== "data").sort();
  }

  #options(
    { env = {}, clearEnv = false, preload }: CommandSettings,
    args: string[],
  ): Deno.CommandOptions & { args: string[] } {
    const before = preload === undefined ? [] : ["--preload", preload];
    const config = ["--config", join(ROOT, "deno.json"), `--lock=${TEST_LOCK}`];
    const program = [...config, ...before, join(ROOT, "main.ts")];
    return {
      cwd: this.folder.path,
      args: ["run", "-q", "--no-prompt", ...permissionFlags(args[0]), ...program, ...args],
      env: { WEFT_DATA_DIR: "", ...env },
      clearEnv,
      stdin: "null",
    };
  }
}

/** It names all that a command may load: Deno writes what a lock file lacks into it. */
const TEST_LOCK = join(ROOT, "tests/deno.lock");

/** Arguments of `sh` that run Deno in its place, after a line that limits what it may use. */
export function under(limit: string, args: readonly string[]): string[] {
  return ["-c", `${limit} && exec "$@"`, "sh", Deno.execPath(), ...args];
}

/** The lock file that a task names, as a flag; none where it takes Deno's own, which lies beside deno.json. */
export function lockFlags(name: string): string[] {
  const lock = /--lock=(\S+)/.exec(denoConfig.tasks[name]?.command ?? "")?.[1];
  return lock === undefined ? [] : [`--lock=${join(ROOT, lock)}`];
}

/**
 * The permissions of a command's task as flags. Said by flags, because paths in a set are relative
 * to deno.json, and those in flags to the folder in which the command runs: Weft's own files lie
 * elsewhere.
 */
export function permissionFlags(command: string): string[] {
  const task = denoConfig.tasks[command]?.command ?? denoConfig.tasks.train.command;
  const name = task.match(/-P=([\w-]+)/)?.[1];
  assert(name !== undefined, `the task of ${command} names a set of permissions`);
  const granted = Object.entries(denoConfig.permissions[name]).filter(([, scope]) => scope);
  return granted.map(([kind, scope]) =>
    typeof scope === "boolean" ? `--allow-${kind}` : `--allow-${kind}=${scope.map(inPlace).join()}`
  );
}

function inPlace(scope: string): string {
  return scope.startsWith("lib/") ? join(ROOT, scope) : scope;
}

/** The outcome of a process whose output was piped. */
export function decode({ code, stdout, stderr }: Deno.CommandOutput): Outcome {
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/**
 * Asserts that a command refused: nothing on its standard output, one line on its standard error
 * (besides the note that the data is not Fashion-MNIST), no stack trace.
 *
 * @returns the line, without "error: "
 */
export function refusalOf({ code, stdout, stderr }: Outcome, exitCode: number): string {
  const lines = stderr.split("\n").filter((line) => !line.startsWith("note: "));
  assert.deepEqual({ code, stdout, end: lines.pop() }, { code: exitCode, stdout: "", end: "" });
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0], /^error: \S/);
  assert.doesNotMatch(lines[0], /\bat (async )?\S+ \(|file:\/\/|defect of Weft/);
  return lines[0].slice("error: ".length);
}

/** Asserts that a command did what it was asked to. */
export function requireSuccess(outcome: Outcome): Outcome {
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome;
}

/** Runs `test` on every case, a few at a time: most of the time of a command is its start. */
export async function forEachCase<T>(
  cases: readonly T[],
  test: (testCase: T) => Promise<void>,
): Promise<void> {
  const waiting = [...cases];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await test(next);
  };
  await Promise.all(Array.from({ length: 3 }, worker));
}

/** A test; where there is a reason why it cannot run, it is ignored, and its name says why. */
export function testUnless(reason: string | null, name: string, fn: () => Promise<void>): void {
  Deno.test({ name: reason ? `${name} (ignored: ${reason})` : name, ignore: reason !== null, fn });
}

/** Why a test that needs a Unix shell, its limits or its signals cannot run here. */
export const NO_UNIX = Deno.build.os === "windows" ? "it needs Unix" : null;
