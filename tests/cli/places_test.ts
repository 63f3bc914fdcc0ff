/** Where the command line looks for files and where it writes, from whatever folder it is called. */

import assert from "node:assert/strict";
import { join } from "node:path";
import {
  decode,
  forEachCase,
  type Outcome,
  refusalOf,
  requireSuccess,
  Workplace,
} from "../support/cli.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** Runs a task by its name, as a user does who stands in the workplace. */
async function task(
  workplace: Workplace,
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<Outcome> {
  const { INIT_CWD: _, ...inherited } = Deno.env.toObject();
  return decode(
    await new Deno.Command(Deno.execPath(), {
      args: ["task", "-q", "--config", join(ROOT, "deno.json"), ...args],
      cwd: workplace.path("."),
      env: { ...inherited, WEFT_DATA_DIR: "", WEFT_HOME: "", NO_COLOR: "1", ...env },
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output(),
  );
}

/** Runs a line of shell in the workplace. */
async function shell(workplace: Workplace, line: string): Promise<Outcome> {
  const env = { WEFT_DATA_DIR: "", INIT_CWD: "", PATH: Deno.env.get("PATH") ?? "" };
  const program = line.replace(/\bdeno run\b/, `'${Deno.execPath()}' run --no-prompt`);
  return decode(
    await new Deno.Command("sh", {
      args: ["-c", program],
      cwd: workplace.path("."),
      env,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output(),
  );
}

Deno.test("every relative path is taken from where the user stands, whichever folder a task runs in", async () => {
  await using workplace = await Workplace.create();
  const cases: [args: string[], path: string, env?: Record<string, string>][] = [
    [["data", "--data-dir", "no/data"], "no/data"],
    [["data"], "no/data", { WEFT_DATA_DIR: "no/data" }],
    [["search", "--space", "no/s.json"], "no/s.json"],
    [["import", "--file", "./no.safetensors"], "no.safetensors"],
    [["evaluate", "--model", "./no.safetensors"], "no.safetensors"],
    [["evaluate", "--model", "no.safetensors"], "no.safetensors"],
    [["evaluate", "--runs", "no/runs"], "no/runs"],
    [["evaluate"], "no/home/runs", { WEFT_HOME: "no/home" }],
    [["export", "--out", "no/out"], "no/out"],
    [["serve", "--dir", "no/out"], "no/out"],
    [["serve"], "no/home/dist", { WEFT_HOME: "no/home" }],
    [["train", "--runs", "no/runs"], "no/runs"],
    [["compare", "--runs", "no/runs"], "no/runs"],
    [["import", "--file", "a", "--runs", "no/runs"], "no/runs"],
    [["search", "--space", "a", "--runs", "no/runs"], "no/runs"],
    [["train"], "no/home/runs", { WEFT_HOME: "no/home" }],
  ];
  await forEachCase(cases, async ([args, path, env = {}]) => {
    const { code, stdout, stderr } = await task(workplace, env, ...args);
    assert.notEqual(code, 0, args.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /(^|\n)error: Cannot [^\n]*\n$/);
    assert(stderr.includes(workplace.path(path)), `${args.join(" ")}: ${stderr}`);
  });
  const { stdout } = requireSuccess(await task(workplace, {}, "data", "--data-dir", "data"));
  assert(stdout.includes(`found in ${workplace.path("data")}\n`), stdout);
});

Deno.test("a variable that a task has left over does not move relative paths", async () => {
  await using workplace = await Workplace.create();
  const env = { INIT_CWD: workplace.path("elsewhere") };
  requireSuccess(await workplace.weftWith({ env }, "data", "--data-dir", "data"));
});

Deno.test("where a task may not write, its error has the line that may, and the line works", async () => {
  await using workplace = await Workplace.create();
  const train = ["train", "--data-dir", "data", "--epochs", "2", "--run", "a"];
  const cases: [args: string[], made: string, env?: Record<string, string>][] = [
    [[...train, "--runs", "my runs"], "my runs/a/model.safetensors"],
    [train, "home/runs/a/model.safetensors", { WEFT_HOME: "home" }],
    [["export", "--runs", "my runs", "--out", "out"], "out/predictor.js"],
    [
      ["export", "--runs", "my runs", "--format", "onnx", "--out", "files/a.onnx"],
      "files/a.onnx",
    ],
  ];
  for (const [args, made, env = {}] of cases) {
    const refusal = refusalOf(await task(workplace, env, ...args), 1);
    const [, line] = /, or run: (.*)$/.exec(refusal) ?? [];
    assert(line, refusal);
    assert.match(line, /^(WEFT_HOME=\S+ )?deno run -q -P=\w+ --allow-write=/);
    requireSuccess(await shell(workplace, line));
    assert((await Deno.stat(workplace.path(made))).isFile);
  }
  // And the dashboard reads it, wherever it is.
  const runs = await task(workplace, {}, "evaluate", "--data-dir", "data", "--runs", "my runs");
  assert.match(requireSuccess(runs).stdout, /^\S+\/my runs\/a\/model\.safetensors on the test set/);
});

Deno.test("with --runs, a run is trained, resumed by the line that is printed, and searched for", async () => {
  await using workplace = await Workplace.create();
  const program = "deno run -q --allow-read --allow-env --allow-run=deno --allow-write=my,runs " +
    `${join(ROOT, "main.ts")}`;
  const runs = "--runs my/runs";
  const space = JSON.stringify({ "learning-rate": [0.1, 0.2], epochs: 2 });
  await Deno.writeTextFile(workplace.path("space.json"), space);
  const search = await shell(
    workplace,
    `${program} search --space space.json --trials 2 --strategy random --workers 1 --name s ` +
      `--data-dir data ${runs}`,
  );
  assert.match(requireSuccess(search).stdout, /completed after 2 trials/);
  assert.deepEqual(workplace.contents("my/runs"), ["s", "s-001", "s-002"]);
  const found = await shell(workplace, `${program} evaluate --model s-001 --data-dir data ${runs}`);
  assert.match(requireSuccess(found).stdout, /^my\/runs\/s-001\/model\.safetensors on /);
  const again = await shell(workplace, `${program} train --resume s-001 ${runs}`);
  assert.match(refusalOf(again, 2), /^Cannot resume s-001: it is completed/);
  const elsewhere = await shell(workplace, `${program} train --resume s-001`);
  assert.match(refusalOf(elsewhere, 2), /^Cannot resume s-001: there is no runs\/s-001\/log/);
});
