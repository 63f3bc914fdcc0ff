/**
 * What Deno fetches: before it runs anything, all that a lock file names. So each kind of task has a lock file that names
 * what it needs, and deno.lock, which every task reads, names least.
 */

import assert from "node:assert/strict";
import { join } from "node:path";
import { decode, denoConfig, type Outcome, refusalOf, requireSuccess } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { Checkout } from "../support/terminal.ts";

const ROOT = join(import.meta.dirname!, "../..");

const COMMAND_LINE = ["commander", "fflate", "string-width", "valibot"];
/** For tables in Parquet: half a megabyte, which a command loads when a file is one. */
const PARQUET = ["hyparquet", "hyparquet-compressors"];
/** For images in JPEG and WebP, which lib/images.ts decodes: an entry point of its own. */
const IMAGES = ["@jsquash/jpeg", "@jsquash/webp"];
const NATS = ["@nats-io/jetstream", "@nats-io/obj", "@nats-io/transport-node"];
const DASHBOARD = [
  "commander",
  "esbuild-wasm",
  "hono",
  "preact",
  "preact-render-to-string",
  "uplot",
  "valibot",
];

/** The packages that each lock file names itself, by its path: whoever adds one makes somebody fetch more. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  // Preact, 2 MB, because Fresh's loader reads no other lock file, and would bundle another Preact beside the dashboard's.
  "deno.lock": [...COMMAND_LINE, ...PARQUET, "preact"],
  "assembly/deno.lock": ["assemblyscript"],
  "lib/bundler/deno.lock": ["esbuild-wasm", ...COMMAND_LINE],
  "dashboard/deno.lock": DASHBOARD,
  // For searches over machines, in a process of their own that may use the network.
  "lib/nats/deno.lock": [...NATS, ...COMMAND_LINE],
  "lib/pack/deno.lock": ["esbuild-wasm", "typescript", ...COMMAND_LINE, ...PARQUET, ...IMAGES],
  "tests/deno.lock": [
    ...["assemblyscript", "axe-core", "fast-check", "fast-png", "papaparse", "playwright-core"],
    "yaml",
    ...["dictionary-en", "nspell"],
    ...PARQUET,
    ...IMAGES,
    ...NATS,
    ...new Set([...COMMAND_LINE, ...DASHBOARD]),
  ],
};

interface LockFile {
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
  readonly jsr?: unknown;
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(join(ROOT, path)));
}

/** `fflate` of `npm:fflate@0.8.3/browser` and of `fflate@0.8.3`. */
function packageIn(text: string): string {
  return /^(?:npm:)?(@?[^@]+)@/.exec(text)![1];
}

Deno.test("a lock file names what its tasks need, and nothing that others need", async () => {
  for (const [path, packages] of Object.entries(NAMED)) {
    const { specifiers, jsr } = await readJson<LockFile>(path);
    const [found, expected] = [Object.keys(specifiers).map(packageIn), packages];
    const advice =
      "`deno task` says which lock file a command takes; Deno adds to deno.lock where none is said";
    assert.deepEqual(found.sort(), expected.toSorted(), `${path}: ${advice}`);
    assert.equal(jsr, undefined, path);
  }
});

Deno.test("each task takes the lock file that is its own, and exists", () => {
  const lockOf = ({ command }: { command: string }) =>
    [...command.matchAll(/--lock=(\S+)/g)].map(([, path]) => path);
  const tasks = Object.entries(denoConfig.tasks).map(([name, task]) => [name, lockOf(task)]);
  assert.deepEqual(Object.fromEntries(tasks.filter(([, locks]) => locks.length > 0)), {
    export: ["lib/bundler/deno.lock"],
    serve: ["lib/bundler/deno.lock"],
    build: ["assembly/deno.lock"],
    "build:predictor": ["assembly/deno.lock"],
    pack: ["lib/pack/deno.lock"],
    "pack:api": ["lib/pack/deno.lock"],
    dashboard: ["dashboard/deno.lock"],
    "dashboard:build": ["dashboard/deno.lock"],
    // A copy of dashboard/deno.lock, to which Deno adds Fresh.
    "dashboard:fresh": ["dashboard/build/fresh.lock"],
    test: ["tests/deno.lock"],
    "test:matrix": ["tests/deno.lock"],
    "docs:screenshots": ["tests/deno.lock"],
    bench: ["tests/deno.lock"],
    check: ["tests/deno.lock", "lib/pack/deno.lock"],
  });
  assert.match(denoConfig.tasks["dashboard:fresh"].command, /\bcp dashboard\/deno\.lock /);
});

Deno.test("lock files have the versions of imports.json, and the same checksums", async () => {
  const { imports } = await readJson<{ imports: Record<string, string> }>("imports.json");
  const wanted = new Set(Object.values(imports).map((text) => /^\w+:@?[^@]+@[^/]+/.exec(text)![0]));
  const checksums = new Map<string, string>();
  for (
    const path of [...Object.keys(NAMED), "tests/onnxruntime/deno.lock", "tests/edge/workerd.lock"]
  ) {
    const { specifiers, npm } = await readJson<LockFile>(path);
    if (path in NAMED) {
      for (const specifier of Object.keys(specifiers)) assert(wanted.has(specifier), specifier);
    }
    for (const [name, { integrity }] of Object.entries(npm)) {
      assert.match(integrity, /^sha512-/, name);
      assert.equal(checksums.get(name) ?? integrity, integrity, `${name} of ${path}`);
      checksums.set(name, integrity);
    }
  }
});

Deno.test("deno.json names no package itself, because Deno would fetch it for every task", async () => {
  const config = await readJson<Record<string, unknown>>("deno.json");
  assert.equal(config.importMap, "./imports.json");
  for (const key of ["imports", "scopes", "workspace"]) assert(!(key in config), key);
});

/** Where this Deno keeps what it has fetched from npm: a folder a registry. */
async function npmCache(): Promise<string> {
  const output = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(requireSuccess(decode(output)).stdout).npmCache;
}

/** Fills a folder for DENO_DIR with copies of what some lock files name, and with nothing else. */
async function fill(folder: string, locks: readonly string[]): Promise<void> {
  const cache = await npmCache();
  for (const lock of locks) {
    for (const key of Object.keys((await readJson<LockFile>(lock)).npm)) {
      const name = packageIn(key);
      // After the version may stand those of other packages: `preact-render-to-string@6.8.2_preact@10.29.6`.
      const [version] = key.slice(name.length + 1).split("_");
      for (const { name: registry } of Deno.readDirSync(cache)) {
        const to = join(folder, "npm", registry, name);
        for (const part of ["registry.json", version]) {
          const from = join(cache, registry, name, part);
          if (!await exists(from) || await exists(join(to, part))) continue;
          await Deno.mkdir(to, { recursive: true });
          const { success } = await new Deno.Command("cp", { args: ["-R", from, to] }).output();
          assert(success, from);
        }
      }
    }
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

const [LEAST, KERNELS, BUNDLER, CLIENT] = Object.keys(NAMED);
const TRAIN = ["train", "--data-dir", "images", "--hidden", "8", "--epochs", "1", "--run", "a"];

/** In this order, on a machine that has nothing: each task, and the lock files of what it may have fetched. */
const FIRST_STARTS: readonly (readonly [task: readonly string[], locks: readonly string[]])[] = [
  [["import", "--help"], [LEAST]],
  [["data", "--data-dir", "images"], [LEAST]],
  [TRAIN, [LEAST, KERNELS]],
  // The kernels are there now, so nothing needs their compiler.
  [["evaluate", "--data-dir", "images", "--model", "a"], [LEAST]],
  [["export", "--model", "a", "--format", "onnx"], [LEAST, KERNELS, BUNDLER]],
  [["export", "--model", "a"], [LEAST, BUNDLER]],
  [["serve", "--help"], [LEAST, BUNDLER]],
  [["dashboard", "--help"], [LEAST, CLIENT]],
];

/** Takes the place of every host: nobody gets an answer, and each who asks is noted with what they asked for. */
class NoNetwork implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #done = this.#refuseAll();

  get address(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async #refuseAll(): Promise<void> {
    for await (const connection of this.#listener) {
      const bytes = new Uint8Array(1024);
      const length = await connection.read(bytes).catch(() => 0) ?? 0;
      this.asked.push(new TextDecoder().decode(bytes.subarray(0, length)).split("\r\n")[0]);
      connection.close();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#done;
  }
}

/** Runs Deno in a checkout with a cache that holds what some lock files name, and says what it asked the network for. */
async function runWithCache(
  checkout: Checkout,
  locks: readonly string[],
  args: readonly string[],
): Promise<Outcome & { readonly asked: readonly string[] }> {
  await using folder = await temporaryFolder();
  await using network = new NoNetwork();
  await fill(folder.path, locks);
  const output = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: checkout.path,
    env: {
      ...{ DENO_DIR: folder.path, INIT_CWD: "", DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
      ...{ HTTP_PROXY: network.address, HTTPS_PROXY: network.address, NO_PROXY: "" },
    },
    stdin: "null",
  }).output();
  return { ...decode(output), asked: network.asked };
}

Deno.test("from an empty cache and a fresh checkout, a task needs what its lock files name and no more", async () => {
  await using checkout = await Checkout.create();
  for (const folder of ["assembly/build", "dashboard/build"]) {
    await Deno.remove(join(checkout.path, folder), { recursive: true });
  }
  for (const [task, locks] of FIRST_STARTS) {
    const outcome = await runWithCache(checkout, locks, ["task", "-q", ...task]);
    requireSuccess(outcome);
    // What a task can do without may be missing and yet be fetched where there is a network.
    assert.deepEqual(outcome.asked, [], task.join(" "));
  }
  for (const path of Object.keys(NAMED).filter((path) => !path.startsWith("tests/"))) {
    const [before, after] = [ROOT, checkout.path].map((root) =>
      Deno.readTextFileSync(join(root, path))
    );
    assert.equal(after, before, path);
  }

  // Without the lock file of its task a command looks for what it needs when it needs it, and says so where it cannot.
  const program = ["run", "-q", "--no-prompt", "-P=export", "main.ts"];
  const again = await runWithCache(checkout, [LEAST], [...program, "export", "--model", "a"]);
  const refusal = refusalOf(again, 1);
  assert.match(refusal, /^Cannot load esbuild, .*; run the command as a task/);
});
