/**
 * Runs what people type at a real terminal: in a pseudo-terminal (util-linux's `script`) whose input stays open, so that
 * a command that asks a question waits for an answer, as it would for a person.
 */

import { dirname, join } from "node:path";
import { denoConfig } from "./cli.ts";
import { writeFiles } from "./idx_files.ts";
import { stripedIdxFiles } from "./striped_images.ts";
import { temporaryFolder } from "./temp_folder.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** What a task needs of a checkout. Copied, because tasks write into the folder of their deno.json. */
const SOURCES = [
  "assembly",
  "CHANGELOG.md",
  "LICENSE",
  "docs",
  "dashboard",
  "data",
  "deno.json",
  "deno.lock",
  "imports.json",
  "lib",
  "main.ts",
];

/** Variables without which no program runs, or none fetches packages; all others are those of a test. */
const INHERITED = [
  ...["HOME", "DENO_DIR", "XDG_CACHE_HOME"],
  ...["DENO_CERT", "DENO_TLS_CA_STORE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_DIR", "SSL_CERT_FILE"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NPM_CONFIG_REGISTRY"],
];

/** Longer than any command of the tests takes on a busy machine: one that is not over by then hangs. */
const HANGS_AFTER_MS = 300_000;

/** What Deno writes when it asks for a permission. */
const QUESTION = "Allow?";

/** What a terminal had been sent when its command ended. */
export interface Screen {
  readonly code: number;
  /** Everything as it was sent: control sequences, and CR LF at the ends of lines. */
  readonly text: string;
  /** Whether it was stopped because it asked for a permission, or did not end. */
  readonly stuck: "asks for a permission" | "does not end" | null;
}

/** How a line is run. */
export interface TerminalSettings {
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What to type once a text has been seen. */
  readonly typed?: { readonly after: string; readonly keys: string };
}

/** Why no terminal is available here: other systems' `script` takes other arguments. */
export async function whyNoTerminal(): Promise<string | null> {
  const reason = "it needs script of util-linux";
  if (Deno.build.os !== "linux") return reason;
  try {
    const { success } = await new Deno.Command("script", { args: ["--version"] }).output();
    return success ? null : reason;
  } catch {
    return reason;
  }
}

/** Runs a line of bash at a terminal of its own, in a folder. */
export async function runAtTerminal(
  folder: string,
  line: string,
  { columns = 80, env = {}, typed }: TerminalSettings = {},
): Promise<Screen> {
  const inherited = INHERITED.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  // `deno` is the one that runs the tests, whether or not it has been installed.
  const path = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;
  await using script = new Deno.Command("script", {
    args: ["-qefc", `stty cols ${columns} rows 24; ${line}`, "/dev/null"],
    cwd: folder,
    env: {
      ...Object.fromEntries(inherited),
      PATH: path,
      SHELL: "/bin/bash",
      TERM: "xterm-256color",
      ...env,
    },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const keyboard = script.stdin.getWriter();
  let stuck: Screen["stuck"] = null;
  const stop = (reason: Screen["stuck"]) => {
    stuck = reason;
    script.kill("SIGKILL");
  };
  const timer = setTimeout(() => stop("does not end"), HANGS_AFTER_MS);
  let text = "";
  let waiting = typed;
  for await (const part of script.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (stuck === null && text.includes(QUESTION)) stop("asks for a permission");
    if (waiting && text.includes(waiting.after)) {
      await keyboard.write(new TextEncoder().encode(waiting.keys));
      waiting = undefined;
    }
  }
  const { code } = await script.status;
  clearTimeout(timer);
  await keyboard.close().catch(() => {}); // The terminal may be gone already.
  return { code, text, stuck };
}

/**
 * A copy of this checkout to run tasks in, as people do: `deno task NAME`, with the permissions of deno.json. Its tasks
 * lack `--no-prompt`, which would deny in silence what a test must see asked for.
 */
export class Checkout implements AsyncDisposable {
  private constructor(readonly folder: Awaited<ReturnType<typeof temporaryFolder>>) {}

  static async create(): Promise<Checkout> {
    const checkout = new Checkout(await temporaryFolder());
    // The cache of data sets is large, and no task of a test needs it.
    const copy = `tar -c --exclude=data/cache ${SOURCES.join(" ")} | tar -xC '${checkout.path}'`;
    await new Deno.Command("sh", { args: ["-c", copy], cwd: ROOT }).output();
    const config = await Deno.readTextFile(join(ROOT, "deno.json"));
    await Deno.writeTextFile(
      join(checkout.path, "deno.json"),
      config.replaceAll(" --no-prompt", ""),
    );
    await writeFiles(join(checkout.path, "images"), stripedIdxFiles());
    return checkout;
  }

  /** The copy's folder; `images/` in it holds the striped images. */
  get path(): string {
    return this.folder.path;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.folder[Symbol.asyncDispose]();
  }

  /** Runs a line of bash at a terminal in the copy's folder. */
  run(line: string, settings?: TerminalSettings): Promise<Screen> {
    return runAtTerminal(this.path, line, settings);
  }
}

/** Names of the tasks that run a program of the project's, and so have permissions to lack. */
export function tasksWithPermissions(): string[] {
  return Object.entries(denoConfig.tasks)
    .filter(([, { command }]) => /\b(run|test) -q\b/.test(command))
    .map(([name]) => name);
}
