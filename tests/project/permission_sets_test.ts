/** What each task may do: as deno.json says it, and as processes find it that try to do more. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { encode } from "fast-png";
import { MPICH_PATHS, OPEN_MPI_PATHS } from "../../lib/mpi/library.ts";
import {
  decode,
  denoConfig,
  type Outcome,
  permissionFlags,
  requireSuccess,
  Workplace,
} from "../support/cli.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const ROOT = join(import.meta.dirname!, "../..");
const sets = denoConfig.permissions;

/** What each set holds of one kind; sets without it are left out. */
function held(kind: string): Record<string, unknown> {
  const entries = Object.entries(sets).filter(([, set]) => kind in set);
  return Object.fromEntries(entries.map(([name, set]) => [name, set[kind]]));
}

Deno.test("no set holds more than it is known to: whoever widens one changes this test", () => {
  assert.deepEqual(held("run"), {
    fetch: ["/usr/bin/apt-get", "/usr/bin/dpkg-deb"],
    search: ["deno", "srun"],
    test: true,
    "dashboard-fresh": true,
    screenshots: ["deno", "/usr/bin/chromium"],
    bench: ["deno", "grep", "taskset", "/usr/bin/chromium", "/usr/bin/python3"],
  });
  assert.deepEqual(held("net"), {
    fetch: ["fashion-mnist.s3.eu-central-1.amazonaws.com:443", "raw.githubusercontent.com:443"],
    serve: ["127.0.0.1"],
    test: ["127.0.0.1"],
    dashboard: ["127.0.0.1"],
    "dashboard-fresh": true,
    screenshots: ["127.0.0.1"],
    bench: ["127.0.0.1"],
  });
  assert.deepEqual(held("write"), {
    fetch: ["data/cache"],
    train: ["runs"],
    "train-mpi": ["runs"],
    search: ["runs"],
    export: ["dist"],
    import: ["runs"],
    build: ["assembly/build"],
    pack: ["dist", "docs/reference/api.d.ts"],
    test: true,
    "dashboard-fresh": true,
    "dashboard-build": ["dashboard/build"],
    docs: ["docs/reference"],
    screenshots: ["docs", "tests/tmp"],
    bench: ["coverage/bench", "tests/tmp"],
  });
  assert.deepEqual(held("sys"), {
    "train-mpi": ["hostname"],
    test: ["homedir"],
    screenshots: ["homedir"],
    bench: ["homedir"],
  });
  // A native library is outside of the sandbox, so no other set may load one; these are of Debian and Fedora.
  assert.deepEqual(held("ffi"), { "train-mpi": [...OPEN_MPI_PATHS, ...MPICH_PATHS] });
  const everyVariable = Object.keys(sets).filter((name) => sets[name].env === true);
  assert.deepEqual(everyVariable, ["test", "dashboard-fresh", "screenshots", "bench"]);
  const kinds = new Set(Object.values(sets).flatMap((set) => Object.keys(set)));
  assert.deepEqual([...kinds].sort(), ["env", "ffi", "net", "read", "run", "sys", "write"]);
});

Deno.test("a task's process has a set's permissions and no others", () => {
  for (const [name, { command }] of Object.entries(denoConfig.tasks)) {
    assert.doesNotMatch(command, /\s(-A|--allow-all)\b/, name);
    const flags = command.match(/--allow-\S+/g) ?? [];
    // The first start of a machine may start Deno; the check of imports reads sources.
    const known = ["--allow-run=deno", "--allow-read=."];
    assert.deepEqual(flags.filter((flag) => !known.includes(flag)), [], name);
  }
});

const FIRST = "deno $((cat data/cache/t10k-labels-idx1-ubyte >/dev/null) 2>/dev/null || " +
  "echo run -q --no-prompt --allow-run=deno lib/cli/first_start.ts) run ";

Deno.test("whatever may need Fashion-MNIST begins in the same way", () => {
  const begun = Object.entries(denoConfig.tasks).filter(([, { command }]) =>
    command.startsWith(FIRST)
  );
  const names = ["train", "evaluate", "predict", "compare", "search", "search:worker", "data"];
  assert.deepEqual(begun.map(([name]) => name).sort(), names.sort());
  for (const { command } of Object.values(denoConfig.tasks)) {
    assert.equal(command.includes("first_start"), command.startsWith(FIRST));
  }
});

/** What code can do under a set as it stands, with paths from deno.json on. */
async function escapes(set: string): Promise<string[]> {
  await using folder = await temporaryFolder();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(),
  );
  const output = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-prompt", "--unstable-worker-options", `-P=${set}`],
      ...["--config", join(ROOT, "deno.json")],
      ...[
        join(ROOT, "tests/project/escapes.ts"),
        String(server.addr.port),
        join(folder.path, "forbidden"),
      ],
    ],
    env: { WEFT_TEST_SECRET: "secret" },
  }).output();
  return JSON.parse(requireSuccess(decode(output)).stdout);
}

Deno.test("code under the sets that handle data, models and images starts nothing and reaches nobody", async () => {
  assert.deepEqual(await escapes("data"), ["read every file"]);
  for (const set of ["train", "import"]) {
    assert.deepEqual(await escapes(set), ["write runs", "read every file"], set);
  }
  assert.deepEqual(await escapes("export"), ["write dist", "read every file"]);
});

Deno.test("code under the set that fetches reads nothing of the user's", async () => {
  const all = await escapes("fetch");
  const [tools, others] = [/^run (\/usr\/bin\/)?(apt-get|dpkg-deb)\b/, /^run /];
  assert.deepEqual(all.filter((name) => others.test(name) && !tools.test(name)), []);
  assert.deepEqual(all.filter((name) => !tools.test(name)), [
    "fetch the authors' data",
    "write the cache of data",
  ]);
});

Deno.test("a search may start Deno and srun, and may do no more than train besides", async () => {
  const all = await escapes("search");
  assert.deepEqual(all.filter((name) => !name.startsWith("run deno")), [
    "write runs",
    "read every file",
  ]);
});

/** Runs a command of which each file that it reads is told, with what it may do at that moment. */
async function watched(workplace: Workplace, args: readonly string[]): Promise<string[]> {
  const output = await new Deno.Command(Deno.execPath(), {
    cwd: workplace.folder.path,
    args: [
      ...["run", "-q", "--no-prompt", ...permissionFlags(args[0])],
      ...[
        "--preload",
        join(ROOT, "tests/project/read_watcher.ts"),
        "--config",
        join(ROOT, "deno.json"),
      ],
      ...[join(ROOT, "main.ts"), ...args],
    ],
    env: { WEFT_DATA_DIR: "" },
  }).output();
  const { stderr }: Outcome = requireSuccess(decode(output));
  return stderr.split("\n").filter((line) => line.startsWith("read "));
}

const DATA = ["--data-dir", "data"];

Deno.test("when data, models and images are read, nothing can be started and nobody reached", async () => {
  // A model below runs/ is opened by node:fs, which nobody can watch; it is read by the same processes.
  await using workplace = await Workplace.create();
  const train = ["train", ...DATA, "--epochs", "1", "--run", "r"];
  const png = encode({ width: 5, height: 7, data: new Uint8Array(35), channels: 1 });
  await Deno.writeFile(workplace.path("shoe.png"), png);
  for (
    const [args, files] of [
      [train, ["-ubyte"]],
      [["data", ...DATA], ["-ubyte"]],
      [["evaluate", ...DATA, "--model", "r"], ["-ubyte"]],
      [["predict", "--model", "r", "--image", "shoe.png"], [".png"]],
      [["compare", ...DATA, "--quick", "--backends", "wasm", "--hidden", "4"], ["-ubyte"]],
    ] as const
  ) {
    const reads = await watched(workplace, args);
    for (const file of files) {
      assert(reads.some((line) => line.includes(file)), `${args}: ${file} is not among ${reads}`);
    }
    for (const line of reads) {
      assert.match(line, /: run denied, net denied, ffi denied$/, `${args}`);
    }
  }
});

Deno.test("a search, which may start Deno, reads no file of a data set and no model", async () => {
  await using workplace = await Workplace.create();
  const space = { "learning-rate": [0.1, 0.2], hidden: "none", epochs: 1 };
  await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(space));
  const reads = await watched(workplace, ["search", "--space", "space.json", ...DATA]);
  assert(reads.some((line) => line.includes("space.json")), `${reads}`);
  assert.deepEqual(reads.filter((line) => /-ubyte|\.safetensors/.test(line)), []);
});

Deno.test("what fetches, and what starts it, imports no package", async () => {
  for (const module of ["lib/cli/fetch_main.ts", "lib/cli/first_start.ts"]) {
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", join(ROOT, module)],
    }).output();
    const { modules } = JSON.parse(requireSuccess(decode(output)).stdout);
    const specifiers: string[] = modules.map(({ specifier }: { specifier: string }) => specifier);
    assert(specifiers.some((specifier) => specifier.endsWith(module)));
    const foreign = specifiers.filter((it) => !/^(file:|node:)/.test(it));
    assert.deepEqual(foreign, [], module);
  }
});
