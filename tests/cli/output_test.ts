/** What reaches the terminal: one printer for all, and nothing that steers the terminal. */

import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { forEachCase, NO_UNIX, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { writeFiles } from "../support/idx_files.ts";
import { stripedIdxFiles } from "../support/striped_images.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** Modules that may write to the standard streams, and why. */
const PRINTERS = [
  "lib/cli/first_start.ts", // may start programs, so it imports as little as it can
  "lib/cli/output.ts", // for all others
  "lib/report/page_width.ts", // asks how wide the terminal is
];

function* modulesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory && name !== "build" && name !== "cache") yield* modulesBelow(path);
    else if (/(?<!_test)\.tsx?$/.test(name)) yield path;
  }
}

Deno.test("only the printer writes to the standard streams", () => {
  const modules = [join(ROOT, "main.ts")];
  for (const folder of ["lib/cli", "lib/report", "data", "dashboard"]) {
    modules.push(...modulesBelow(join(ROOT, folder)));
  }
  const others = modules.filter((path) =>
    /\bconsole\.|\b(Deno|host)\.(stdout|stderr)\b|\bprocess\.std/.test(
      Deno.readTextFileSync(path).replaceAll(/^\s*(\*|\/\/).*$/gm, ""),
    )
  ).map((path) => relative(ROOT, path).replaceAll("\\", "/"));
  assert(modules.length > 100);
  assert.deepEqual(others.sort(), PRINTERS);
});

/** ESC, a C1 control, a line feed with a false message, a change of direction, a bell. */
const HOSTILE = "e\x1b[31m\x9b1m\u202ex\x07\nerror: all is well";

// deno-lint-ignore no-control-regex -- they are what is looked for
const STEERS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

testUnless(
  NO_UNIX,
  "names that steer a terminal do not reach it, and have no line of their own",
  async () => {
    await using workplace = await Workplace.create();
    await writeFiles(workplace.path(HOSTILE), stripedIdxFiles());
    const train = ["train", "--data-dir", "data", "--epochs", "2", "--run", "m"];
    requireSuccess(await workplace.weft(...train));
    const data = ["--data-dir", HOSTILE];
    const cases: string[][] = [
      ["data", ...data],
      ["data", "--json", ...data],
      ["evaluate", ...data],
      ["evaluate", "--json", ...data],
      ["predict", "--index", "0", ...data],
      ["train", "--epochs", "2", ...data],
      ["train", "--epochs", "1", "--json", ...data],
      ["export", "--quantize", ...data],
      ["export", "--out", HOSTILE],
      ["export", "--format", "onnx", "--out", `${HOSTILE}/a`],
      ["evaluate", "--model", HOSTILE],
      ["evaluate", "--runs", HOSTILE],
      ["predict", "--image", HOSTILE],
      ["import", "--file", HOSTILE],
      ["search", "--space", HOSTILE],
      ["serve", "--dir", HOSTILE],
      ["train", "--run", HOSTILE],
      ["train", "--resume", HOSTILE],
      ["train", "--runs", HOSTILE],
      ["train", "--backend", HOSTILE],
      ["train", `--${HOSTILE}`],
      ["train", HOSTILE],
      [HOSTILE],
    ];
    await forEachCase(cases, async (args) => {
      const { stdout, stderr } = await workplace.weft(...args);
      for (const text of [stdout, stderr]) {
        assert.doesNotMatch(text, STEERS, args.join(" "));
        assert.doesNotMatch(text, /^error: all is well/m);
      }
      assert(stderr.split("\n").filter((line) => line.startsWith("error: ")).length <= 1, stderr);
      if (args.includes("--json")) {
        for (const line of stdout.trim().split("\n")) {
          JSON.parse(line);
        }
      }
    });
  },
);

testUnless(NO_UNIX, "JSON has a name as it is, though it is written without controls", async () => {
  await using workplace = await Workplace.create();
  await writeFiles(workplace.path(HOSTILE), stripedIdxFiles());
  const { stdout } = requireSuccess(await workplace.weft("data", "--json", "--data-dir", HOSTILE));
  assert.equal(JSON.parse(stdout).origin, HOSTILE);
});

Deno.test("a log that names no preset is said to be changed", async () => {
  await using workplace = await Workplace.create();
  const train = ["train", "--data-dir", "data", "--epochs", "2", "--run", "m"];
  requireSuccess(await workplace.weft(...train));
  const path = workplace.path("runs/m/log.jsonl");
  const [run, ...epochs] = (await Deno.readTextFile(path)).split("\n").slice(0, 3);
  await Deno.writeTextFile(
    path,
    `${run.replace('"preset":"baseline",', "")}\n${epochs.join("\n")}\n`,
  );
  const { code, stderr } = await workplace.weft("train", "--resume", "m");
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^error: Cannot resume m: the first line of its log names no preset[^\n]*\n$/,
  );
});

testUnless(
  NO_UNIX,
  "a reader that goes away before the first line is no error for any command",
  async () => {
    await using workplace = await Workplace.create();
    const train = ["train", "--data-dir", "data", "--epochs", "2", "--run", "m"];
    requireSuccess(await workplace.weft(...train));
    const cases: [args: string, code: number][] = [
      ["--help", 0],
      ["--version", 0],
      ["train --help", 0],
      ["data --data-dir data", 0],
      ["evaluate --data-dir data", 0],
      ["predict --index 0 --data-dir data", 0],
      ["train --epochs 2 --data-dir data", 0],
      ["train --epochs 2 --data-dir data --json", 0],
      ["train --seeds 2 --epochs 2 --data-dir data", 0],
      ["train --nonsense", 2],
    ];
    await forEachCase(cases, async ([args, code]) => {
      // The pipe's reader has ended before anything is written.
      const line =
        `{ sleep 0.2; $WEFT ${args} 2>err.$$; echo $? >code.$$; cat err.$$ >&2; } | true; ` +
        "while ! [ -s code.$$ ]; do sleep 0.1; done; cat code.$$";
      const { stdout, stderr } = await workplace.shell(line);
      assert.equal(stdout, `${code}\n`, `${args}: ${stderr}`);
      assert.doesNotMatch(stderr, /defect|BrokenPipe|\bat /);
    });
  },
);
