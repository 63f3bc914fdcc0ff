/**
 * Runs the commands of the documents as their readers do, line by line and page by page, on small data, and compares the
 * shape of what they print with what the page shows.
 *
 * Three rules make them short: `train` gets `--epochs 1` behind what the page says (but for a run that is resumed), `search`
 * gets `--trials 4`, and a port of the page becomes a free one.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DenoServer, Serve } from "../edge/exported.ts";
import {
  forEachCase,
  NO_UNIX,
  requireSuccess,
  testUnless,
  type Workplace,
} from "../support/cli.ts";
import { Dashboard } from "../support/dashboard.ts";
import {
  blocksOf,
  commandsOf,
  type Document,
  DOCUMENTS,
  isRecipe,
  placeOf,
} from "../support/documents.ts";
import { interruptedRun, interruptedSearch, pageWorkplace, trainNamed } from "./pages.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** Commands that are not run here, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  "npx -y deno@2.9.6 task train": ".ci/run runs it, at a terminal",
  "npx -y deno@2.9.6 task test": ".ci/run runs it, at a terminal",
  "deno task test": "it runs this file",
  "deno task test:matrix": ".ci/run runs it",
  "deno task ok": ".ci/run runs it",
  "deno task docs": "it writes into the checkout; lib/config/ compares the page with the table",
  "deno task docs:screenshots": "it trains for minutes, and writes into the checkout",
  "deno task bench": "it measures for minutes; tests/bench/options_test.ts reads its options",
  "deno task compare": ".ci/run runs it with --quick",
  "deno task compare --quick": ".ci/run runs it",
  "deno task compare --hidden 4096,4096 --batch-size 4096 --backends wasm,webgpu --adapter 0":
    "it needs a GPU; tests/cli/compare_test.ts compares on an adapter in software",
  "deno task train --backend webgpu":
    "it needs a GPU; tests/cli/webgpu_test.ts trains on an adapter in software",
  "npx -y workerd@1.20261117.1 serve dist/workerd.capnp":
    "it fetches 46 MB; tests/edge/runtimes_test.ts runs workerd",
  "npm install @weft/weft": "it needs a registry; deno task test:matrix installs the package",
  "npx @weft/weft train data.csv --target y":
    "it needs a registry; tests/matrix/program.ts runs the program of the package",
  "npx @weft/weft predict new.csv --model NAME > answers.csv":
    "it needs a registry; tests/matrix/program.ts runs the program of the package",
  "npx @weft/weft export --model NAME --format module --out model.mjs":
    "it needs a registry; tests/matrix/program.ts runs the program of the package",
  "apt-get install openmpi-bin": "it changes the machine",
  "mpirun -np 2 deno task train:mpi --shards 2 --epochs 10":
    "it needs Open MPI; tests/matrix/mpi.ts runs mpirun where it is installed",
  "mpirun --host laptop1,laptop2 --map-by node --bind-to none -x PATH --mca btl_tcp_if_include 192.168.1.0/24 deno task train:mpi --shards 2 --hidden 1024,1024 --batch-size 512":
    "it needs two machines; tests/matrix/mpi_hosts.ts trains between network namespaces",
  "nats-server -c nats.conf":
    "it listens on every address; tests/docs/scripts_test.ts has nats-server read the file",
  "deno task search:worker --nats nats://TOKEN@broker:4222":
    "it needs a server; tests/matrix/nats.ts starts one, and workers",
  "deno task search --space space.json --nats nats://TOKEN@broker:4222":
    "it needs a server; tests/matrix/nats.ts searches by way of one",
};

/** What a page shows of a command's output, by the first line that is shown: the command, or why none is compared. */
const SHOWN: Readonly<Record<string, { command: string } | { not: string }>> = {
  "completed after 40 epochs and 17.0 s on wasm (relaxed SIMD), 2 threads": {
    command: "deno task train --epochs 40",
  },
  "ok | 1747 passed (117 steps) | 0 failed | 217 ignored (6m38s)": {
    not: "it is the output of Deno's own test runner",
  },
  "784-100-10 sigmoid, batches of 256, 48,000 training rows of fashion-mnist": {
    not: "comparing takes half a minute; tests/cli/compare_test.ts reads the table",
  },
  "rank      run  val. loss  epochs  learning-rate   hidden  activation  batch-size": {
    command: "deno task search --space space.json --name mlp",
  },
};

/** The command as it is run: on small data, and short. */
function shortened(command: string, workplace: Workplace): string {
  if (command.startsWith("deno run ")) {
    return command.replace("deno", `'${Deno.execPath()}'`)
      .replaceAll("/data/runs", workplace.path("elsewhere"))
      .replaceAll("/opt/weft", ROOT);
  }
  const [, task, rest] = /^deno task ([\w:]+)(.*)$/.exec(command) ?? assert.fail(command);
  const [args, ...redirection] = rest.split(/(?= > )/);
  const isLong = task === "train" && !/--resume|--adapter list|--epochs 40/.test(args);
  const more = isLong
    ? " --epochs 1"
    : task === "search" && !/--resume/.test(args)
    ? " --trials 4"
    : "";
  return `$WEFT ${task}${args}${more}${redirection.join("")}`;
}

const shell = (workplace: Workplace, line: string) =>
  workplace.shell(`export WEFT_DATA_DIR=data; ${line}`);

/** What the page takes for granted that its own commands, from the top, do not make. */
async function prepare(commands: readonly string[], workplace: Workplace): Promise<void> {
  const made = new Set<string>();
  for (const command of commands) {
    for (const [, flag, name] of command.matchAll(/--(model|from|run) (\w+)/g)) {
      if (flag !== "run" && !made.has(name)) await trainNamed(workplace, name);
      made.add(name);
    }
  }
  // A model that comes from elsewhere, and a folder that is exported.
  if (commands.some((command) => command.includes("mlp.safetensors"))) {
    const model = workplace.path("runs/wide/model.safetensors");
    await Deno.copyFile(model, workplace.path("mlp.safetensors"));
  }
}

/** Sends what a page sends to port 8422, to a predictor of the model that the request is for. */
async function ask(workplace: Workplace, command: string): Promise<string> {
  const model = /rows|schema/.test(command) ? "ship" : "wide";
  await trainNamed(workplace, model);
  const dir = `dist/asked-${model}/`;
  requireSuccess(await workplace.weft("export", "--model", model, "--out", dir));
  await using served = await Serve.start(workplace, "--dir", dir);
  const line = command.replace("http://127.0.0.1:8422", served.address);
  return requireSuccess(await workplace.shell(line.replace("curl", "curl -sS"))).stdout;
}

/** Resumes what was interrupted, in a workplace of its own: the page's own run of that name may be completed. */
async function resume(command: string): Promise<void> {
  await using workplace = await pageWorkplace();
  const name = /--resume (\w+)/.exec(command)![1];
  await (command.includes("search") ? interruptedSearch : interruptedRun)(workplace, name);
  requireSuccess(await shell(workplace, shortened(command, workplace)));
}

/** Runs one command of a page to its end; a server, until it listens. */
async function runCommand(workplace: Workplace, command: string): Promise<void> {
  if (command.startsWith("curl ")) {
    const answer = JSON.parse(await ask(workplace, command));
    assert.equal(answer.error, undefined, JSON.stringify(answer));
  } else if (command.includes("--resume")) {
    await resume(command);
  } else if (command === "deno task dashboard") {
    await using _ = await Dashboard.start(workplace.path("."));
  } else if (command === "deno task serve") {
    await using _ = await Serve.start(workplace);
  } else if (command.startsWith("deno serve ")) {
    await using _ = await DenoServer.start(workplace.path("dist"));
  } else {
    const outcome = await shell(workplace, shortened(command, workplace));
    assert.equal(outcome.code, 0, `${command}\n${outcome.stderr}`);
  }
}

// recipes_test.ts runs recipes.
const pages = DOCUMENTS.filter((document) => !isRecipe(document)).map((document) => ({
  document,
  commands: blocksOf(document).filter(({ language }) => language === "sh").flatMap(commandsOf),
}));

async function runPage(document: Document, commands: readonly string[]): Promise<void> {
  const run = commands.filter((command) => !(command in NOT_RUN));
  if (run.length === 0) return;
  await using workplace = await pageWorkplace();
  await prepare(run, workplace);
  for (const command of run) {
    try {
      await runCommand(workplace, command);
    } catch (error) {
      assert.fail(
        `${document.name}: ${command}\n${error instanceof Error ? error.message : error}`,
      );
    }
  }
}

testUnless(NO_UNIX, "every command of the documents does what its page says", async () => {
  await forEachCase(pages, ({ document, commands }) => runPage(document, commands));
});

Deno.test("commands that are not run are those of a document", () => {
  const all = new Set(pages.flatMap(({ commands }) => commands));
  assert.deepEqual(Object.keys(NOT_RUN).filter((command) => !all.has(command)), []);
});

/** A line without what differs from run to run: numbers, names of classes, widths of columns. */
function shapeOf(line: string): string {
  return line.replaceAll(/T-shirt\/top|Trouser/g, "0").replaceAll(/\d[\d,.]*/g, "0")
    .replaceAll(/\b0 min 0 s\b/g, "0 s").replaceAll(/\b(sigmoid|relu|tanh)\b/g, "tanh").replaceAll(
      /(\b0 )+/g,
      "0 ",
    ).replaceAll(/thread(s?)\b/g, "thread")
    .replaceAll(/-{2,}/g, "--").replaceAll(/\s+/g, " ").trim();
}

const shown = DOCUMENTS.flatMap(blocksOf).filter(({ language }) => language === "");

testUnless(NO_UNIX, "what documents show of outputs has the shape of outputs", async () => {
  await using workplace = await pageWorkplace();
  await forEachCase(shown, async (block) => {
    const [first, ...rest] = block.text.split("\n");
    if (block.document.name === "ARCHITECTURE.md") return; // Drawings.
    const how = SHOWN[first];
    assert(how, `${placeOf(block)}: say in SHOWN which command prints ${first}`);
    if ("not" in how) return;
    const { stdout } = requireSuccess(await shell(workplace, shortened(how.command, workplace)));
    const printed = stdout.split("\n").map(shapeOf);
    for (const line of [first, ...rest].map(shapeOf)) {
      if (line === "..." || line === "" || /^(- |0 )?mlp-|finite number/.test(line)) continue;
      assert(
        printed.includes(line),
        `${placeOf(block)}: no line of the output looks like ${line}\n${stdout}`,
      );
    }
  });
});

Deno.test("what is listed as shown is in a document", () => {
  const first = new Set(shown.map(({ text }) => text.split("\n")[0]));
  assert.deepEqual(Object.keys(SHOWN).filter((line) => !first.has(line)), []);
});
