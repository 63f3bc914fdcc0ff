/**
 * The first start of a machine, with the real tasks in a copy of this repository. It knows a small data set as
 * Fashion-MNIST, and a folder of the test as the one in which a system package puts that.
 */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { FASHION_MNIST, SYSTEM_FOLDER } from "../../data/fashion_mnist.ts";
import { FILE_NAMES } from "../../data/files.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import {
  decode,
  NO_UNIX,
  type Outcome,
  permissionFlags,
  requireSuccess,
  testUnless,
  Workplace,
} from "../support/cli.ts";
import { fingerprintsOf, smallIdxFiles, writeFiles } from "../support/idx_files.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const ROOT = join(import.meta.dirname!, "../..");
const FILES = smallIdxFiles();
const PATH = `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`;

/** A copy in a folder that goes with it. */
class Copy implements AsyncDisposable {
  private constructor(readonly folder: Awaited<ReturnType<typeof temporaryFolder>>) {}

  static async create(): Promise<Copy> {
    const copy = new Copy(await temporaryFolder());
    for (
      const name of ["main.ts", "deno.json", "imports.json", "deno.lock", "lib", "data", "assembly"]
    ) {
      await copyInto(join(ROOT, name), copy.path(name));
    }
    await copy.change("data/fashion_mnist.ts", (text) => {
      const small = fingerprintsOf(FILES);
      for (const name of FILE_NAMES) {
        text = text.replace(FASHION_MNIST[name].sha256, small[name].sha256);
      }
      return text.replace(SYSTEM_FOLDER, copy.path("system"))
        // Nothing listens there, so that the test needs no network and finds none.
        .replaceAll(/https:\/\/[\w.-]+/g, "https://127.0.0.1:1")
        .replace("dataset-fashion-mnist", "weft-no-such-package");
    });
    // apt knows no archive.
    const nothing = ["SourceList", "SourceParts"].map((name) => `Dir::Etc::${name} "/dev/null";\n`);
    await Deno.writeTextFile(copy.path("apt.conf"), nothing.join(""));
    await copy.change("deno.json", (text) => text.replace(SYSTEM_FOLDER, copy.path("system")));
    return copy;
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.folder[Symbol.asyncDispose]();
  }

  path(name: string): string {
    return join(this.folder.path, name);
  }

  async change(name: string, edit: (text: string) => string): Promise<void> {
    const text = await Deno.readTextFile(this.path(name));
    const changed = edit(text);
    assert.notEqual(changed, text, name);
    await Deno.writeTextFile(this.path(name), changed);
  }

  async task(...args: string[]): Promise<Outcome> {
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", ...args],
      cwd: this.folder.path,
      // "" stands for a shell's: the tests' own task has set it.
      env: { WEFT_DATA_DIR: "", INIT_CWD: "", APT_CONFIG: this.path("apt.conf"), PATH },
      stdin: "null",
    }).output();
    return decode(output);
  }

  /** Names of what the cache holds, or null. */
  cached(): string[] | null {
    try {
      return Array.from(Deno.readDirSync(this.path("data/cache")), ({ name }) => name).sort();
    } catch {
      return null;
    }
  }
}

async function copyInto(from: string, to: string): Promise<void> {
  const { isDirectory } = await Deno.stat(from);
  if (!isDirectory) return await Deno.copyFile(from, to);
  await Deno.mkdir(to);
  for await (const { name } of Deno.readDir(from)) {
    if (name !== "cache") await copyInto(join(from, name), join(to, name));
  }
}

testUnless(
  NO_UNIX,
  "the first start fetches Fashion-MNIST, and the next starts find it",
  async () => {
    await using copy = await Copy.create();
    await writeFiles(copy.path("system"), FILES);
    const train = ["train", "--epochs", "1", "--hidden", "none", "--validation", "0", "--json"];
    const first = requireSuccess(await copy.task(...train, "--run", "first"));
    assert.equal(first.stderr, `note: Fashion-MNIST is here, from ${copy.path("system")}\n`);
    assert.equal(JSON.parse(first.stdout.split("\n")[0]).dataset.name, "fashion-mnist");
    assert.deepEqual(copy.cached(), [...FILE_NAMES].sort());

    await Deno.remove(copy.path("system"), { recursive: true });
    // The next start does without what the first one began with: there is nothing in its place that could run.
    await Deno.rename(copy.path("lib/cli/fetch_main.ts"), copy.path("gone.ts"));
    assert.equal(requireSuccess(await copy.task(...train, "--run", "second")).stderr, "");
    const { stdout } = requireSuccess(await copy.task("evaluate", "--model", "first", "--json"));
    assert.equal(JSON.parse(stdout).dataset, "fashion-mnist");
  },
);

testUnless(
  NO_UNIX,
  "a search fetches what it lacks, once, and hands on its exit code",
  async () => {
    await using copy = await Copy.create();
    await writeFiles(copy.path("system"), FILES);
    const space = { "learning-rate": [0.1, 0.2], hidden: "none", epochs: 1, validation: 0.5 };
    await Deno.writeTextFile(copy.path("space.json"), JSON.stringify(space));
    const { stderr } = requireSuccess(await copy.task("search", "--space", "space.json"));
    assert.equal(stderr, `note: Fashion-MNIST is here, from ${copy.path("system")}\n`);
    assert.deepEqual(copy.cached(), [...FILE_NAMES].sort());
  },
);

testUnless(NO_UNIX, "a table needs no Fashion-MNIST: nothing is fetched", async () => {
  await using copy = await Copy.create();
  await writeFiles(copy.path("system"), FILES);
  const rows = Array.from({ length: 60 }, (_, i) => `${i},${i % 2 ? "odd" : "even"}`);
  await Deno.writeTextFile(copy.path("rows.csv"), `n,y\n${rows.join("\n")}\n`);
  await Deno.writeTextFile(copy.path("space.json"), '{"epochs": 1, "seed": [1, 2]}');
  for (
    const args of [
      ["data", "rows.csv", "--target", "y"],
      ["train", "rows.csv", "--target", "y", "--epochs", "1", "--run", "r"],
      ["evaluate", "rows.csv", "--model", "r"],
      ["predict", "rows.csv", "--model", "r"],
      ["search", "rows.csv", "--target", "y", "--space", "space.json"],
      ["train", "--from", "r", "rows.csv", "--epochs", "1"],
    ]
  ) {
    const { stderr } = requireSuccess(await copy.task(...args));
    assert.doesNotMatch(stderr, /Fashion/, args.join(" "));
  }
  assert.equal(copy.cached(), null);
});

testUnless(NO_UNIX, "where it is nowhere, the first start says where it was sought", async () => {
  await using copy = await Copy.create();
  const { code, stdout, stderr } = await copy.task("train", "--run", "r");
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  const [line, end] = stderr.split("\n");
  assert.equal(end, "");
  const [where, remedy] = line.split(
    ". Connect to the network and try again, or name a folder with --data-dir ",
  );
  assert(remedy !== undefined, line);
  const places = where.split("; ");
  assert.equal(places[0], "error: Cannot find Fashion-MNIST");
  for (
    const place of [
      `tried, in this order: ${copy.path("data/cache")}: no complete, undamaged data set yet`,
      `${copy.path("system")}: Cannot read the data folder`,
      "https://127.0.0.1:1",
      "apt-get download weft-no-such-package: ",
    ]
  ) assert(places.some((said) => said.startsWith(place)), `${place} in ${line}`);
});

testUnless(
  NO_UNIX,
  "what needs no Fashion-MNIST fetches none, on the first start too",
  async () => {
    await using copy = await Copy.create();
    await writeFiles(copy.path("system"), FILES);
    await writeFiles(copy.path("own"), FILES);
    const { stdout } = requireSuccess(await copy.task("data", "--data-dir", "own", "--json"));
    assert.equal(JSON.parse(stdout).origin, "own");
    requireSuccess(await copy.task("train", "--help"));
    const refused = await copy.task("train", "--epoch", "1");
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /^error: unknown option '--epoch' \(Did you mean --epochs\?\)[^\n]*\n$/,
    );
    assert.equal(copy.cached(), null);
  },
);

testUnless(NO_UNIX, "a damaged cache is named with the task that mends it", async () => {
  await using copy = await Copy.create();
  const cache = copy.path("data/cache");
  await writeFiles(cache, { ...FILES, [FILE_NAMES[0]]: new Uint8Array(9) });
  const { code, stderr } = await copy.task("data");
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^note: Cannot use the cache .*: .*train-images-idx3-ubyte is damaged or an/,
  );
  assert.match(
    stderr,
    /\. Fetch it with "deno task data:fetch", or name a folder with --data-dir /,
  );

  await writeFiles(copy.path("system"), FILES);
  requireSuccess(await copy.task("data:fetch"));
  requireSuccess(await copy.task("data"));
  for (const name of FILE_NAMES) {
    assert.deepEqual(await Deno.readFile(join(cache, name)), new Uint8Array(FILES[name]));
  }
});

testUnless(
  NO_UNIX,
  "on the first start too, a signal ends training, and what was learned is saved",
  async () => {
    await using workplace = await Workplace.create();
    const endless = [
      "train",
      "--data-dir",
      "data",
      "--hidden",
      "8",
      "--epochs",
      "1000000",
      "--json",
    ];
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      await using child = new Deno.Command(Deno.execPath(), {
        cwd: workplace.folder.path,
        args: [
          ...["run", "-q", "--no-prompt", "--allow-run=deno", join(ROOT, "lib/cli/first_start.ts")],
          ...["run", "-q", "--no-prompt", ...permissionFlags("train")],
          ...[
            "--config",
            join(ROOT, "deno.json"),
            join(ROOT, "main.ts"),
            ...endless,
            "--run",
            signal,
          ],
        ],
        env: { PATH },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const stderr = new Response(child.stderr).text();
      let sent = false;
      for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
        if (sent || !text.includes('"type":"epoch"')) continue;
        child.kill(signal);
        sent = true;
      }
      const { code } = await child.status;
      assert.equal(code, 130, await stderr);
      const log = parseRunLog(await Deno.readFile(workplace.path(`runs/${signal}/log.jsonl`)));
      assert.equal(log.end?.status, "interrupted");
    }
  },
);
