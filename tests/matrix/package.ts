/**
 * The package as its users get it: packed, and installed with npm in an empty folder beside what a test wants besides.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { scenario } from "./scenario.js";
import * as predict from "../../lib/predict.ts";
import * as weft from "../../lib/mod.ts";

const ROOT = join(import.meta.dirname!, "..", "..");

/** Of all that is installed here; ignored by git. What is there already is taken, so that a second run is quick. */
const INSTALLED = join(ROOT, "tests", "tmp", "matrix");

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<CommandOutcome> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { NO_COLOR: "1", npm_config_update_notifier: "false", ...options.env },
    cwd: options.cwd,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Its standard output; fails where the program does. */
export async function succeed(...given: Parameters<typeof run>): Promise<string> {
  const { code, stdout, stderr } = await run(...given);
  assert.equal(code, 0, `${given[0]} ${given[1].join(" ")}\n${stdout}\n${stderr}`);
  return stdout;
}

/** Why nothing can be installed here; null where it can. */
export const NO_NPM: string | null = await run("npm", ["--version"]).then(
  ({ code }) => code === 0 ? null : "npm does not run",
  () => "no npm",
);

/** Registers a test of the package. */
export function packageTest(name: string, fn: () => Promise<void>, reason = NO_NPM): void {
  Deno.test({
    name: reason ? `${name} (ignored: ${reason})` : name,
    ignore: reason !== null,
    // Processes of browsers and servers are their libraries' own.
    sanitizeResources: false,
    sanitizeOps: false,
    fn,
  });
}

/** The tarball's path; `deno task test:matrix` has packed it. */
export async function tarball(): Promise<string> {
  const { version } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  return join(ROOT, "dist", `weft-${version}.tgz`);
}

/**
 * A folder with the package and others installed, and files to run.
 *
 * @param packages versions, or the like, by name, as in a package.json
 * @param fields more of package.json
 */
export async function project(
  name: string,
  packages: Readonly<Record<string, string>> = {},
  fields: Readonly<Record<string, unknown>> = { type: "module" },
): Promise<string> {
  const folder = join(INSTALLED, name);
  await Deno.mkdir(folder, { recursive: true });
  const wanted = JSON.stringify({ private: true, ...fields, dependencies: packages });
  const at = join(folder, "package.json");
  const npm = ["--no-audit", "--no-fund", "--loglevel=error"];
  if (await Deno.readTextFile(join(folder, "wanted.json")).catch(() => "") !== wanted) {
    await Deno.writeTextFile(at, wanted);
    await succeed("npm", ["install", ...npm], { cwd: folder });
    await Deno.writeTextFile(join(folder, "wanted.json"), wanted);
  }
  // Each time: the package is what is tested.
  const own = join(folder, "node_modules", "@weft", "weft");
  await Deno.remove(own, { recursive: true }).catch(() => {});
  await succeed("npm", ["install", "--no-save", "--prefer-offline", ...npm, await tarball()], {
    cwd: folder,
  });
  return folder;
}

export async function write(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(folder, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, path), text);
  }
}

/** The text of `scenario.js`. */
export function scenarioText(): Promise<string> {
  return Deno.readTextFile(join(import.meta.dirname!, "scenario.js"));
}

export type Answers = Awaited<ReturnType<typeof scenario>>;

const expected = new Map<string, Promise<Answers>>();

/** What the sources answer in this process. */
function expectedOf(simd: "strict" | "relaxed"): Promise<Answers> {
  const known = expected.get(simd);
  if (known) return known;
  const answers = scenario(weft, predict, { simd });
  expected.set(simd, answers);
  return answers;
}

/** Fails unless a runtime's answers are those of the sources, to the bit: of the strict build everywhere. */
export async function assertSame(answers: Answers): Promise<void> {
  const { environment: _, ...expected } = await expectedOf("strict");
  const { environment: _e, ...found } = answers;
  assert.equal(answers.environment.simd, "strict");
  assert.deepEqual(found, expected);
  assert(found.accuracy > 0.9, "nothing was learned");
}
