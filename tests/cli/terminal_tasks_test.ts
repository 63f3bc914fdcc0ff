/**
 * Every task at a real terminal, as people run it: nothing asks a question, nothing hangs, nothing prints a stack trace;
 * with colors and without, in 80 and in 40 columns, with the output in a pipe, and in the background of a shell.
 */

import assert from "node:assert/strict";
import { denoConfig, forEachCase, testUnless } from "../support/cli.ts";
import { MPICH, OPEN_MPI } from "../mpi.ts";
import {
  Checkout,
  type Screen,
  tasksWithPermissions,
  type TerminalSettings,
  whyNoTerminal,
} from "../support/terminal.ts";

interface Case extends TerminalSettings {
  /** A line of bash, begun in the checkout's folder. */
  readonly line: string;
  readonly code?: number;
  /** What the terminal must have been sent. */
  readonly shows: RegExp;
}

/** Makes a table of sixty rows. */
const ROWS =
  "{ echo n,kind; for i in $(seq 30); do echo $i.5,even; echo $i,odd; done; } > rows.csv";

const TRAIN = "deno task train --data-dir images --hidden 8 --batch-size 8";
const CTRL_C = "\x03";
const NARROW = { columns: 40, env: { NO_COLOR: "1" } };

/** Tasks that other tests and CI run, for they need all of the repository. */
const ELSEWHERE = [
  "test",
  "test:matrix",
  "bench",
  "docs",
  "lint",
  "dashboard:fresh",
  "data:fetch",
  "docs:screenshots",
];

/** What makes the model and the exported predictor that the other lines use. The first compiles the kernels. */
const FIRST: readonly Case[] = [
  { line: "rm -r assembly/build; deno task build", shows: /Built the kernels/ },
  { line: `${TRAIN} --epochs 2 --run first`, shows: /runs\/first\/: log\.jsonl/ },
  { line: "deno task export --model first", shows: /deno task serve/ },
  {
    line: `${ROWS}; deno task train rows.csv --target kind --test 0.2 --epochs 3 --run rows`,
    shows: /rows\.csv: 48 rows to learn from, 12 to test[^]*runs\/rows\/: log\.jsonl/,
  },
];

/** A line that succeeds for every task, and the ways that people run them in. */
const GOOD: readonly Case[] = [
  { line: "deno task build:predictor", shows: /^/ },
  { line: "deno task dashboard:build", shows: /^/ },
  { line: "deno task pack:api --check", shows: /public API is as/ },
  { line: "deno task pack", shows: /Packed @weft\/weft \d+\.\d+\.\d+: \d+ files/ },
  { line: `${TRAIN} --epochs 2 --threads 2`, shows: /runs\/.*: log\.jsonl/ },
  {
    line: "WEFT_DATA_DIR=images deno task train --hidden 8 --epochs 2 --backend auto",
    shows: /runs\/.*: log\.jsonl/,
  },
  { line: "WEFT_DATA_DIR=images deno task evaluate --model first", shows: /accuracy/ },
  {
    line: "WEFT_DATA_DIR=images deno task export --model first --out dist/e/ --quantize",
    shows: /float32/,
  },
  { line: "deno task train --adapter list", shows: /adapter|GPU/i },
  { line: `${TRAIN} --epochs 2`, ...NARROW, shows: /runs\/[^/]*\/: / },
  { line: `${TRAIN} --epochs 2 --folds 2`, shows: /mean/i },
  {
    line: `${TRAIN} --epochs 2 --optimizer adamw --dropout 0.1 --backend reference`,
    shows: /runs/,
  },
  { line: `${TRAIN} --epochs 2 --json`, env: { FORCE_COLOR: "1" }, shows: /"type":"end"/ },
  { line: `${TRAIN} --epochs 2 | tee log.txt`, shows: /runs\/.*: log\.jsonl/ },
  { line: `${TRAIN} --epochs 2 2>&1 | head -3`, shows: /./ },
  {
    line: `bash --norc -ic '${TRAIN} --epochs 2 --run behind > log 2>&1 & wait; cat log'`,
    shows: /runs\/behind\/: log\.jsonl/,
  },
  { line: "deno task evaluate --model first --data-dir images", shows: /accuracy/ },
  { line: "deno task evaluate --model first --data-dir images | head -1", ...NARROW, shows: /./ },
  { line: "deno task predict --model first --data-dir images --index 0,1", shows: /row 1/ },
  {
    line: "deno task predict --model first --data-dir images --index 0",
    ...NARROW,
    shows: /row 0/,
  },
  { line: "deno task data --data-dir images", shows: /images/ },
  { line: "WEFT_DATA_DIR=images deno task data", ...NARROW, shows: /images/ },
  {
    line: "deno task export --model first --out dist/q/ --quantize --data-dir images",
    shows: /int8|8 bits|float32/,
  },
  { line: "deno task export --format onnx --model first", ...NARROW, shows: /\.onnx/ },
  { line: "deno task export --format safetensors --model first", shows: /\.safetensors/ },
  {
    line:
      "deno task import --file runs/first/model.safetensors --activation sigmoid --height 7 --width 5 --run theirs",
    shows: /theirs/,
  },
  { line: "deno task compare --data-dir images --quick --backends wasm", shows: /compare\.json/ },
  {
    line: `echo '{"hidden":[[4],[8]],"epochs":1}' > space.json; ` +
      "deno task search --space space.json --trials 2 --data-dir images --name two",
    shows: /best: two-00/,
  },
  OPEN_MPI.missing && MPICH.missing
    ? {
      line: "deno task train:mpi --data-dir images",
      code: 1,
      shows: /error: .*neither Open MPI nor MPICH/,
    }
    : {
      line: "deno task train:mpi --data-dir images --hidden 8 --epochs 1 --run together",
      shows: /1 processes? on .*runs\/together\/: /s,
    },
  // It trains until it is interrupted; here is no server that it could ask.
  {
    line: "deno task search:worker --nats nats://127.0.0.1:9",
    code: 1,
    shows: /error: Cannot use the NATS server at nats:\/\/127\.0\.0\.1:9: /,
  },
  { line: "deno task train --resume first", code: 2, shows: /error: .*first/ },
  // Tables.
  { line: "deno task data rows.csv --target kind", shows: /kind: binary/ },
  { line: "deno task data rows.csv --target kind", ...NARROW, shows: /row 3/ },
  { line: "deno task train rows.csv --target n --epochs 2", ...NARROW, shows: /n: regression/ },
  { line: "cat rows.csv | deno task train - --target kind --epochs 2", shows: /stdin: 60 rows/ },
  { line: "deno task train rows.csv --from rows --freeze 1 --epochs 2", shows: /positive: odd/ },
  { line: "deno task evaluate rows.csv --model rows", shows: /the 60 rows of rows\.csv/ },
  { line: "deno task evaluate rows.csv --model rows", ...NARROW, shows: /Accuracy/ },
  {
    line: "deno task predict rows.csv --model rows --keep",
    shows: /n,kind,prediction,probability/,
  },
  { line: "deno task predict rows.csv --model rows | head -2", shows: /^prediction,probability/m },
  {
    line: `echo '{"seed":[1,2],"epochs":1}' > seeds.json; ` +
      "deno task search rows.csv --target kind --space seeds.json --name rows-search",
    shows: /best: rows-search-00/,
  },
];

/** What does not end by itself, until Ctrl-C. */
const INTERRUPTED: readonly Case[] = [
  {
    line: "deno task dashboard --port 0",
    typed: { after: "http://127.0.0.1:", keys: CTRL_C },
    code: 130,
    shows: /http/,
  },
  {
    line: "deno task serve --port 0",
    typed: { after: "http://127.0.0.1:", keys: CTRL_C },
    code: 130,
    shows: /answers at http/,
  },
  {
    line: `${TRAIN} --epochs 100000 --run long`,
    typed: { after: "/100000", keys: CTRL_C },
    code: 130,
    shows: /runs\/long\/: log\.jsonl/,
  },
];

/** Commands of main.ts; `nonsense` is none. */
const COMMANDS = Object.values(denoConfig.tasks)
  .flatMap(({ command }) =>
    command.match(/ -P=([\w-]+) (?:--lock=\S+ )?main\.ts ([\w:]+)$/)?.slice(1, 3) ?? []
  )
  .flatMap((part, i, all) => i % 2 === 0 ? [{ set: part, name: all[i + 1] }] : []);

const HELP: readonly Case[] = [
  { line: "deno run -q -P=train main.ts", code: 2, shows: /Usage|command/ },
  { line: "deno run -q -P=train main.ts --help", shows: /Usage: deno task <command>/ },
  { line: "deno run -q -P=train main.ts nonsense", code: 2, shows: /error: unknown command/ },
  ...COMMANDS.map(({ name }) => ({
    line: `deno task ${name} --help`,
    shows: new RegExp(`Usage: deno task ${name}`),
  })),
  ...COMMANDS.map(({ name }) => ({
    line: `deno task ${name} --help`,
    ...NARROW,
    shows: new RegExp(`Usage: deno task ${name}`),
  })),
  { line: "deno task dashboard --help", shows: /Usage: deno task dashboard/ },
];

/** Mistakes, one or more a command: each ends in a line. */
const MISTAKES: readonly Case[] = [
  ...COMMANDS.map(({ name }) => ({
    line: `deno task ${name} --nonsense`,
    code: 2,
    shows: /error: (unknown|required) option/,
  })),
  { line: "deno task dashboard --nonsense", code: 2, shows: /error: unknown option/ },
  { line: "deno task dashboard --port no", code: 2, shows: /error: Cannot read --port/ },
  { line: "deno task train --data-dir nowhere", code: 1, shows: /error: .*nowhere/ },
  { line: "deno task train nowhere.csv --target y", code: 1, shows: /error: .*nowhere\.csv/ },
  { line: "deno task train rows.csv", code: 2, shows: /error: .*--target kind/ },
  { line: "deno task train - --target y", code: 1, shows: /error: .*it is a terminal/ },
  { line: "deno task data rows.csv --target kin", code: 2, shows: /error: .*"kind"/ },
  { line: "deno task predict rows.csv --model first", code: 2, shows: /error: .*on a table/ },
  { line: `${TRAIN} --learning-rate -1`, code: 2, shows: /error: .*learning rate/ },
  { line: `${TRAIN} --run first`, code: 2, shows: /error: .*first/ },
  {
    line: `${TRAIN} --epochs 3 --learning-rate 1e30 --activation relu`,
    code: 1,
    shows: /error: .*diverged/,
  },
  { line: "deno task evaluate --model nobody", code: 1, shows: /error: .*nobody/ },
  {
    line: "deno task predict --model first --image nothing.png",
    code: 1,
    shows: /error: .*nothing\.png/,
  },
  {
    line: "deno task import --file nothing.safetensors --activation relu",
    code: 1,
    shows: /error: .*nothing/,
  },
  {
    line: "deno task export --model first --out /elsewhere/",
    code: 1,
    shows: /error: .*elsewhere/,
  },
  { line: "deno task serve --dir nowhere", code: 1, shows: /error: .*nowhere/ },
  {
    line: "deno task search --space nothing.json --trials 1",
    code: 2,
    shows: /error: .*nothing\.json/,
  },
  {
    line: "deno task compare --out /elsewhere --data-dir images --quick",
    code: 2,
    shows: /error: .*elsewhere/,
  },
];

function assertRight(screen: Screen, { line, code = 0, shows }: Case): void {
  const said = `${line}\n${screen.text}`;
  assert.equal(screen.stuck, null, said);
  // A pipe's code is that of its last command.
  assert.equal(screen.code, code, said);
  assert.match(screen.text, shows, said);
  assert.doesNotMatch(screen.text, /^ +at .+:\d+:\d+|\(this is a defect|NotCapable/m, said);
}

testUnless(
  await whyNoTerminal(),
  "at a terminal no task asks, hangs or prints a stack trace",
  async () => {
    await using checkout = await Checkout.create();
    const run = async (testCase: Case) =>
      assertRight(await checkout.run(testCase.line, testCase), testCase);
    for (const testCase of FIRST) await run(testCase);
    // All of them, so that one look shows what a missing permission touches.
    const wrong: unknown[] = [];
    await forEachCase(
      [...GOOD, ...INTERRUPTED, ...HELP, ...MISTAKES],
      (testCase) => run(testCase).catch((error) => void wrong.push(error)),
    );
    if (wrong.length > 0) throw new AggregateError(wrong, `${wrong.length} lines went wrong`);
  },
);

Deno.test("every task that has permissions is tried at a terminal, and denies instead of asking", () => {
  const tried = [...FIRST, ...GOOD, ...INTERRUPTED].map(({ line }) => line).join("\n");
  for (const name of tasksWithPermissions()) {
    for (
      const [started] of denoConfig.tasks[name].command.matchAll(/\b(run|test) -q .*?-(P|-allow)/g)
    ) {
      assert.match(started, / -q --no-prompt /, name);
    }
    if (!ELSEWHERE.includes(name)) assert.match(tried, new RegExp(`deno task ${name}\\b`), name);
  }
});
