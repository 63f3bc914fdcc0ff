/** `--help`, and what deno.json lets the tasks do. */

import assert from "node:assert/strict";
import { makeProgram } from "../../lib/cli/program.ts";
import { OPTION_LIST } from "../../lib/config/options.ts";
import { PRESETS } from "../../lib/mod.ts";
import { denoConfig, forEachCase, requireSuccess, Workplace } from "../support/cli.ts";

const COMMANDS = [
  "train",
  "evaluate",
  "predict",
  "compare",
  "search",
  "export",
  "serve",
  "import",
  "data",
] as const;

/** What Deno itself needs in order to find the packages that it has cached. */
const DENO_VARIABLES = ["DENO_DIR", "HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "USERPROFILE"];

function withoutEnvironment() {
  const entries = DENO_VARIABLES.map((name) => [name, Deno.env.get(name)]);
  return { clearEnv: true, env: Object.fromEntries(entries.filter(([, value]) => value)) };
}

Deno.test("help comes for the program and for each command, in 80 columns, whatever the environment", async () => {
  await using workplace = await Workplace.create();
  await forEachCase([[], ...COMMANDS.map((name) => [name])], async (command) => {
    const outcome = await workplace.weftWith(withoutEnvironment(), ...command, "--help");
    const { stdout, stderr } = requireSuccess(outcome);
    assert.equal(stderr, "");
    const usage = command.length === 0 ? "<command> [options]" : `${command} [options]`;
    const [first] = stdout.split("\n");
    assert.equal(first.replace(/ \[data\]$/, ""), `Usage: deno task ${usage}`);
    const widest = stdout.split("\n").reduce((a, b) => b.length > a.length ? b : a);
    assert(widest.length <= 80, widest);
  });
});

Deno.test("the help of train names every option of the contract, and what the presets are", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = await workplace.weft("train", "--help");
  for (
    const option of [
      ["--preset", "--hidden", "--activation", "--learning-rate", "--batch-size", "--epochs"],
      ["--l1", "--l2", "--seed", "--split-seed", "--backend", "--simd", "--data-dir", "--run"],
      ["--initializer", "--optimizer", "--momentum", "--nesterov", "--beta1", "--beta2", "--alpha"],
      ["--epsilon", "--weight-decay", "--clip-norm", "--schedule", "--warmup", "--schedule-step"],
      ["--schedule-factor", "--pct-start", "--div-factor", "--final-div-factor"],
      ["--language", "--json", "--debug", "--help"],
    ].flat()
  ) assert.match(stdout, new RegExp(`^ .*${option}\\b`, "m"));
  assert.match(
    stdout,
    /^ {4}--hidden 100 --activation sigmoid --learning-rate 0\.1 --batch-size 256$/m,
  );
  for (const preset of Object.keys(PRESETS)) assert(stdout.includes(`\n  ${preset}:\n`), preset);
});

Deno.test("the help of train has every option of the table, under its group", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = await workplace.weft("train", "--help");
  for (const { flag, group, inWords } of OPTION_LIST) {
    const section = stdout.split(`\n${group}:\n`)[1].split("\n\n")[0];
    assert.equal(new RegExp(`^ {2}${flag}\\b`, "m").test(section), !inWords, flag);
  }
});

Deno.test("on a narrow terminal, descriptions stand below their options", () => {
  for (const width of [40, 60, 80, 120]) {
    for (const command of makeProgram(() => {}).commands) {
      let text = "";
      command.configureOutput({ getOutHelpWidth: () => width, writeOut: (more) => text += more });
      command.outputHelp();
      // Commands that can be copied stay whole.
      const lines = text.split("\n").filter((line) => !/^(Usage:| {2}deno task) /.test(line));
      assert.equal(lines.find((line) => line.length > width), undefined, command.name());
      assert.equal(/^ {2}-h, --help\n {6}display help/m.test(text), width === 40, text);
    }
  }
});

Deno.test("the help of compare names its own number of epochs, and no option that does nothing", async () => {
  await using workplace = await Workplace.create();
  const { stdout } = await workplace.weft("compare", "--help");
  assert.match(stdout.replaceAll(/\n {5,}/g, " "), /rows \(default: 4, or 2 with --quick\)$/m);
  assert.doesNotMatch(stdout, /--language/);
});

Deno.test("without a command, the help goes to the standard error, and the exit code says so", async () => {
  await using workplace = await Workplace.create();
  const { code, stdout, stderr } = await workplace.weft();
  assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
  for (const command of COMMANDS) assert.match(stderr, new RegExp(`^ {2}${command} `, "m"));
});

Deno.test("--debug adds the stack trace to an error, and keeps its exit code", async () => {
  await using workplace = await Workplace.create();
  const { code, stderr } = await workplace.weft("train", "--epochs", "0", "--debug");
  assert.equal(code, 2);
  assert.match(stderr, /^UsageError: Cannot train with .* epochs of 0.*\n +at /);
});

Deno.test("no task is allowed everything, and those of the command line name their permissions", () => {
  for (const [name, { command }] of Object.entries(denoConfig.tasks)) {
    assert.doesNotMatch(command, /(^| )(-A|--allow-all)\b/, name);
  }
  for (const [name, permissions] of Object.entries(denoConfig.permissions)) {
    assert(!("all" in permissions), name);
  }
  for (const name of COMMANDS) {
    // What a machine's first start puts before it is in permission_sets_test.ts.
    const set = denoConfig.tasks[name].command
      .match(/^deno (?:\$\(.*\) )?run -q --no-prompt -P=(\w+) (?:--lock=\S+ )?main\.ts /)?.[1];
    assert(set !== undefined, name);
    for (const [kind, scope] of Object.entries(denoConfig.permissions[set])) {
      // A user's own data, models and images may lie anywhere; all else is said by name.
      assert(kind === "read" || Array.isArray(scope), `${name} may ${kind} anything`);
    }
  }
});
