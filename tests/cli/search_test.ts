/** `search`: trials are ordinary runs, and the order of things decides about nothing but times. */

import assert from "node:assert/strict";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { readSearch } from "../../lib/run_log/search/search.ts";
import { rankedTrials } from "../../lib/run_log/search/ranking.ts";
import type { Search } from "../../lib/run_log/search/search.ts";
import {
  decode,
  forEachCase,
  NO_UNIX,
  refusalOf,
  requireSuccess,
  testUnless,
  Workplace,
} from "../support/cli.ts";
import { eventually } from "../support/eventually.ts";

const SPACE = {
  "learning-rate": { "log-uniform": [0.01, 3] },
  hidden: [[8], "none"],
  "batch-size": { "log-integer": [8, 32] },
  epochs: 9,
};

const SEARCH = ["search", "--space", "space.json", "--data-dir", "data", "--seed", "3"];

async function searchPlace(space: unknown = SPACE): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(space));
  return workplace;
}

function searchOf(workplace: Workplace, name: string): Search {
  const { search, problem } = readSearch(
    Deno.readFileSync(workplace.path(`runs/${name}/search.json`)),
  );
  assert(search, String(problem));
  return search;
}

const logOf = (workplace: Workplace, run: string) =>
  parseRunLog(Deno.readFileSync(workplace.path(`runs/${run}/log.jsonl`)));

/** What must not depend on how a search was cut, nor on its name: all but times. */
function lasting({ trials, status, rungs }: Search): unknown {
  return {
    status,
    rungs,
    trials: trials.map(({ run, ...rest }) => ({ ...rest, run: run.slice(-4) })),
  };
}

/** Weights of all trials that were trained to the end. */
function modelsOf(workplace: Workplace, search: Search): Uint8Array[] {
  return search.trials.filter(({ status }) => status === "completed").map(({ run }) =>
    Deno.readFileSync(workplace.path(`runs/${run}/model.safetensors`))
  );
}

Deno.test("a search halves its trials, each an ordinary run, and tells how to train the best", async () => {
  await using workplace = await searchPlace();
  const { stdout, stderr } = requireSuccess(
    await workplace.weft(...SEARCH, "--trials", "6", "--name", "first"),
  );
  assert.match(stderr, /^note: [^\n]*\n$/);
  const search = searchOf(workplace, "first");
  assert.equal(search.status, "completed");
  assert.deepEqual(search.rungs, [{ epochs: 3, trials: 6 }, { epochs: 9, trials: 2 }]);
  assert.deepEqual(
    search.trials.map(({ status }) => status).sort(),
    ["completed", "completed", "dropped", "dropped", "dropped", "dropped"],
  );
  for (const { run, epochs, validationLoss, options } of search.trials) {
    const log = logOf(workplace, run);
    assert.deepEqual(log.problems, []);
    assert.equal(log.end?.status, epochs === 9 ? "completed" : "interrupted");
    assert.equal(log.epochs.at(-1)?.validationLoss, validationLoss);
    assert.equal(log.run?.config.learningRate, options["learning-rate"]);
    assert.equal(log.run?.environment.threads, 1);
  }
  const [best] = rankedTrials(search);
  assert(stdout.split("\n").slice(0, -2).every((line) => line.length <= 80), stdout);
  assert.match(stdout, /^rank +run +val\. loss +epochs +learning-rate +hidden +batch-size\n-+\n1 /);
  const command = stdout.trimEnd().split("\n").at(-1)!;
  assert(command.startsWith("deno task train --learning-rate "), command);
  // It trains the same network, with as many threads as there are.
  const args = command.split(" ").slice(2);
  requireSuccess(await workplace.weft(...args, "--data-dir", "data", "--run", "again"));
  assert.equal(logOf(workplace, "again").epochs.at(-1)?.validationLoss, best.validationLoss);
});

Deno.test("--json prints a record a trial and then the search; random trials train to their ends", async () => {
  const space = { "learning-rate": [0.1, 1e30], epochs: [2, 3], hidden: [[8]], activation: "relu" };
  await using workplace = await searchPlace(space);
  const { stdout, stderr } = requireSuccess(
    await workplace.weft(...SEARCH, "--trials", "9", "--strategy", "random", "--json"),
  );
  assert.match(stderr, /^note: the space has 4 different trials; each is trained once$/m);
  const records = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(records.map(({ type }) => type), [...Array(4).fill("trial"), "search"]);
  const search: Search = records.at(-1);
  assert.match(search.name, /^search-\d{4}-\d\d-\d\d_\d{6}$/);
  assert.deepEqual(searchOf(workplace, search.name), search);
  for (const { status, options, error, epochs, scores, run } of search.trials) {
    if (options["learning-rate"] === 0.1) {
      assert.deepEqual([status, epochs], ["completed", options.epochs]);
    } else {
      assert.deepEqual([status, scores], ["diverged", [null]]);
      assert.match(error!, /^Training diverged: /);
      assert.equal(logOf(workplace, run).end?.status, "diverged");
    }
  }
});

Deno.test("trials are compared by any metric of the task, by name", async () => {
  await using workplace = await searchPlace();
  const { stdout } = requireSuccess(
    await workplace.weft(...SEARCH, "--trials", "3", "--metric", "macroF1", "--name", "f"),
  );
  const search = searchOf(workplace, "f");
  assert.deepEqual([search.metric, search.measure?.name], ["macroF1", "macroF1"]);
  for (const { run, epochs, scores } of search.trials) {
    const at = logOf(workplace, run).epochs.find(({ epoch }) => epoch === epochs);
    assert.equal(scores.at(-1), at?.validation?.macroF1);
  }
  const [best] = rankedTrials(search);
  const first = search.trials.map(({ scores }) => scores[0]!);
  assert.equal(best.scores[0], Math.max(...first), "the greater the better");
  assert.match(stdout, /^rank +run +val\. macro F1 +epochs /);
  assert.match(
    stdout,
    new RegExp(`^best: ${best.run}, validation macro F1 \\d\\.\\d{4} after 9`, "m"),
  );
  const refused = await workplace.weft(...SEARCH, "--metric", "rmse");
  assert.match(
    refusalOf(refused, 2),
    /^Cannot search with --metric rmse: the task classification has the metrics loss, accuracy,/,
  );
});

Deno.test("a trial that fails is a row with its reason; where all do, the search failed", async () => {
  await using workplace = await searchPlace({ "learning-rate": [0.1, 0.2], epochs: 1 });
  await Deno.mkdir(workplace.path("runs/s-002"), { recursive: true });
  const { stdout } = requireSuccess(
    await workplace.weft(...SEARCH, "--trials", "2", "--name", "s"),
  );
  assert.match(stdout, /^- +s-002 +failed +0 /m);
  assert.match(stdout, /^s-002: Cannot start a run named "s-002": runs\/s-002 exists, and/m);
  assert.deepEqual([...Deno.readDirSync(workplace.path("runs/s-002"))], [], "it is not touched");
  await Deno.mkdir(workplace.path("runs/t-001"));
  await Deno.mkdir(workplace.path("runs/t-002"));
  const { code, stderr } = await workplace.weft(...SEARCH, "--trials", "2", "--name", "t");
  assert.equal(code, 1);
  assert.match(stderr, /\nerror: Search failed: every trial failed or diverged \(see above\)\n$/);
  assert.equal(searchOf(workplace, "t").status, "failed");
});

/** Makes a search of two trials look as if it had been killed while its second one was under way. */
async function cutInSecondTrial(workplace: Workplace, name: string): Promise<Search> {
  requireSuccess(await workplace.weft(...SEARCH, "--trials", "2", "--name", name));
  const search = searchOf(workplace, name);
  const [first, { error: _, ...second }] = search.trials;
  const trials = [first, { ...second, status: "running", epochs: 0, scores: [] }];
  const cut = { ...search, status: "running", trials };
  await Deno.writeTextFile(workplace.path(`runs/${name}/search.json`), JSON.stringify(cut));
  return search;
}

Deno.test("a search that continues touches no folder that its trials have not made", async () => {
  await using workplace = await searchPlace({ "learning-rate": [0.1, 0.2], epochs: 1 });
  const isRefused = (name: string) => {
    const [, { status, error }] = searchOf(workplace, name).trials;
    assert.equal(status, "failed");
    assert.match(
      error!,
      new RegExp(`^Cannot start a run named "${name}-002": runs/${name}-002 exi`),
    );
  };
  // A model from elsewhere has no log; its folder had the name before the search came.
  requireSuccess(
    await workplace.weft("train", "--data-dir", "data", "--epochs", "1", "--run", "mine"),
  );
  const model = await Deno.readFile(workplace.path("runs/mine/model.safetensors"));
  await Deno.mkdir(workplace.path("runs/a-002"));
  await Deno.writeFile(workplace.path("runs/a-002/model.safetensors"), model);
  await cutInSecondTrial(workplace, "a");
  requireSuccess(await workplace.weft("search", "--resume", "a"));
  assert.deepEqual(workplace.contents("runs/a-002"), ["model.safetensors"]);
  assert.deepEqual(await Deno.readFile(workplace.path("runs/a-002/model.safetensors")), model);
  isRefused("a");

  // Nor an empty one, nor a copy of a trial, nor a log of which nothing can be read.
  for (
    const [name, take] of [
      ["b", async () => {}],
      [
        "c",
        (path: string) =>
          Deno.copyFile(workplace.path("runs/c-001/log.jsonl"), `${path}/log.jsonl`),
      ],
      ["d", (path: string) => Deno.writeTextFile(`${path}/log.jsonl`, "mine\n")],
    ] as const
  ) {
    await cutInSecondTrial(workplace, name);
    const path = workplace.path(`runs/${name}-002`);
    await Deno.remove(path, { recursive: true });
    await Deno.mkdir(path);
    await take(path);
    const before = workplace.contents(`runs/${name}-002`);
    requireSuccess(await workplace.weft("search", "--resume", name));
    assert.deepEqual(workplace.contents(`runs/${name}-002`), before);
    isRefused(name);
  }
});

Deno.test("a search that continues takes no run of the user's for a trial, and clears what trials left", async () => {
  await using workplace = await searchPlace({ "learning-rate": [0.1, 0.2], epochs: 1 });
  // The user's own run with the very options of the trial: it is not what the trial came to.
  const { trials, id } = await cutInSecondTrial(workplace, "a");
  await Deno.remove(workplace.path("runs/a-002"), { recursive: true });
  const args = Object.entries(trials[1].options).flatMap((
    [key, value],
  ) => [`--${key}`, `${value}`]);
  requireSuccess(await workplace.weft("train", "--data-dir", "data", ...args, "--run", "a-002"));
  requireSuccess(await workplace.weft("search", "--resume", "a"));
  assert.equal(searchOf(workplace, "a").trials[1].status, "failed");
  assert.equal(logOf(workplace, "a-002").resumes.length, 0);

  // What a trial left that was killed before its folder had its name.
  await cutInSecondTrial(workplace, "b");
  await Deno.remove(workplace.path("runs/b-002"), { recursive: true });
  const own = searchOf(workplace, "b").id!;
  assert.notEqual(own, id);
  const left = workplace.path(`runs/.b-002.${own}.2`);
  await Deno.mkdir(left);
  await Deno.writeTextFile(`${left}/log.jsonl`, '{"type":"ru');
  requireSuccess(await workplace.weft("search", "--resume", "b"));
  assert.equal(searchOf(workplace, "b").trials[1].status, "completed");
  assert.deepEqual(logOf(workplace, "b-002").run?.trial, { search: own, trial: 2 });
  assert(workplace.contents("runs").every((name) => !name.startsWith(".")));
});

Deno.test("a search of an earlier version, whose trials have no mark, continues, and removes nothing", async () => {
  await using workplace = await searchPlace({ "learning-rate": [0.1, 0.2], epochs: 1 });
  for (const name of ["a", "b"]) {
    await cutInSecondTrial(workplace, name);
    const path = workplace.path(`runs/${name}/search.json`);
    const { id: _, ...search } = JSON.parse(await Deno.readTextFile(path));
    await Deno.writeTextFile(path, JSON.stringify(search));
    const logPath = workplace.path(`runs/${name}-002/log.jsonl`);
    const log = await Deno.readTextFile(logPath);
    await Deno.writeTextFile(logPath, log.replace(/,"trial":\{[^}]*\}/, ""));
  }
  assert.equal(logOf(workplace, "a-002").run?.trial, undefined);
  requireSuccess(await workplace.weft("search", "--resume", "a"));
  const { id, trials } = searchOf(workplace, "a");
  assert.deepEqual([id, trials[1].status], [undefined, "completed"]);
  await Deno.remove(workplace.path("runs/b-002/log.jsonl"));
  const before = workplace.contents("runs/b-002");
  requireSuccess(await workplace.weft("search", "--resume", "b"));
  assert.deepEqual(workplace.contents("runs/b-002"), before);
});

Deno.test("a search's file cannot name other runs as its trials", async () => {
  await using workplace = await searchPlace({ "learning-rate": [0.1, 0.2], epochs: 1 });
  await cutInSecondTrial(workplace, "a");
  const path = workplace.path("runs/a/search.json");
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace('"a-002"', '"thesis"'));
  const line = refusalOf(await workplace.weft("search", "--resume", "a"), 1);
  assert.match(line, /^Cannot resume runs\/a\/search\.json: its trials are not those that /);
});

/** Long enough to be cut. */
const LONG = [...SEARCH, "--trials", "4", "--workers", "2"];
const LONG_SPACE = { ...SPACE, epochs: 240 };

/** Waits until a trial is done with the first rung and others are under way. */
async function underWay(workplace: Workplace, name: string): Promise<void> {
  const trials = async () => {
    const text = await Deno.readTextFile(workplace.path(`runs/${name}/search.json`)).catch(() =>
      ""
    );
    return text === "" ? [] : readSearch(text).search!.trials;
  };
  await eventually(
    trials,
    (all) =>
      all.some(({ scores }) => scores.length > 0) &&
      all.some(({ status }) => status === "running"),
  );
}

testUnless(
  NO_UNIX,
  "a search that is killed or interrupted continues, and ends as one that was not",
  async () => {
    await using workplace = await searchPlace(LONG_SPACE);
    requireSuccess(await workplace.weft(...LONG, "--name", "whole"));
    const whole = searchOf(workplace, "whole");
    for (const signal of ["SIGKILL", "SIGINT"] as const) {
      await using child = workplace.start(...LONG, "--name", signal);
      const output = child.output();
      await underWay(workplace, signal);
      child.kill(signal);
      const { code, stdout, stderr } = decode(await output);
      const cut = searchOf(workplace, signal);
      if (signal === "SIGINT") {
        assert.equal(code, 130, stderr);
        assert.equal(cut.status, "interrupted");
        assert.match(stdout, /^Resume with: deno task search --resume SIGINT$/m);
        assert(cut.trials.every(({ status }) => status !== "running"));
        for (const { run } of cut.trials) {
          const isThere = workplace.contents("runs").includes(run);
          if (isThere) assert(logOf(workplace, run).end, `${run} was told to stop`);
        }
      } else assert.equal(cut.status, "running");
      const before = cut.trials.filter(({ scores }) => scores.length > 0);
      assert(before.length < 4);
      requireSuccess(await workplace.weft("search", "--resume", signal, "--workers", "3"));
      const search = searchOf(workplace, signal);
      assert.deepEqual(lasting(search), lasting(whole));
      assert.deepEqual(modelsOf(workplace, search), modelsOf(workplace, whole));
      for (const { run, status } of search.trials) {
        const log = logOf(workplace, run);
        assert.deepEqual(log.problems, []);
        const wasDone = before.some((trial) => trial.run === run);
        if (wasDone && status === "dropped") {
          assert.equal(log.resumes.length, 0, "not trained again");
        }
      }
    }
    const refused = await workplace.weft("search", "--resume", "SIGINT");
    assert.match(refusalOf(refused, 2), /^Cannot resume the search SIGINT: it is completed;/);
  },
);

Deno.test("a trial leaves out what has no effect beside its other options", async () => {
  await using workplace = await searchPlace({
    optimizer: ["sgd", "momentum"],
    momentum: [0.5, 0.9],
    nesterov: [true, false],
    hidden: "8",
    epochs: 1,
  });
  const random = [...SEARCH, "--strategy", "random", "--trials", "8", "--name", "idle"];
  requireSuccess(await workplace.weft(...random));
  const { trials } = searchOf(workplace, "idle");
  assert.deepEqual(trials.map(({ status, error }) => error ?? status), Array(8).fill("completed"));
  // The command for the best can be typed.
  const search = searchOf(workplace, "idle");
  requireSuccess(await workplace.weft("train", "--data-dir", "data", ...search.bestArguments!));
  for (const { run, options } of trials) {
    const { momentum, nesterov } = logOf(workplace, run).run!.config;
    const expected = options.optimizer === "momentum"
      ? options
      : { momentum: 0.9, nesterov: false };
    assert.deepEqual([momentum, nesterov], [expected.momentum, expected.nesterov]);
  }
});

Deno.test("a search whose time is over says so, and continues with more", async () => {
  await using workplace = await searchPlace(LONG_SPACE);
  const { stdout } = requireSuccess(
    await workplace.weft(...SEARCH, "--time", "1s", "--workers", "1", "--name", "t"),
  );
  assert.match(stdout, /^out of time after \d+ trials? and /m);
  const search = searchOf(workplace, "t");
  assert.equal(search.status, "out-of-time");
  assert(search.trials.length >= 27 && search.trialsAsked === null);
  const again = await workplace.weft("search", "--resume", "t");
  assert.match(
    refusalOf(again, 2),
    /^Cannot resume the search t: its time is over; give it more/,
  );
  requireSuccess(await workplace.weft("search", "--resume", "t", "--time", "2s", "--workers", "1"));
  // It has been worked at for as long as it may.
  assert.equal(searchOf(workplace, "t").status, "out-of-time");
});

Deno.test("a clock that is set back takes nothing from a search, which can continue", async () => {
  await using workplace = await searchPlace();
  await Deno.writeTextFile(
    workplace.path("clock.js"),
    "const real = Date.now;" +
      "Date.now = () => real() - (performance.now() > 500 ? 3_600_000 : 0);",
  );
  const settings = { preload: workplace.path("clock.js") };
  const args = [...SEARCH, "--time", "1s", "--workers", "1", "--name", "back"];
  requireSuccess(await workplace.weftWith(settings, ...args));
  const { totalMs } = searchOf(workplace, "back");
  assert(totalMs !== null && totalMs >= 1000 && totalMs < 600_000, `${totalMs}`);
  requireSuccess(await workplace.weft("search", "--resume", "back", "--time", "3s"));
});

Deno.test("what cannot be searched is refused in a line, and leaves nothing behind", async () => {
  await using workplace = await searchPlace();
  const write = (name: string, space: unknown) =>
    Deno.writeTextFile(workplace.path(name), JSON.stringify(space));
  await write("misspelt.json", { "learning-rat": [1, 2] });
  await write("range.json", { "learning-rate": [-1, 0.1] });
  await write("half.json", { "batch-size": { uniform: [8, 16] } });
  await write("threads.json", { threads: [1, 2] });
  await write("epochs.json", { epochs: [1, 2] });
  await write("preset.json", { preset: ["baseline", "basline"] });
  await Deno.writeTextFile(workplace.path("twice.json"), '{"epochs":1,"l1":[0,1],"epochs":2}');
  await Deno.writeFile(workplace.path("utf16.json"), Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0));
  const space = (name: string) => ["--space", `${name}.json`];
  const cases: [string[], RegExp][] = [
    [[], /^Cannot search without a space: --space names a JSON file/],
    [
      space("nothing"),
      /^Cannot read the search space nothing\.json: there is no such file; --space/,
    ],
    [["--space", "data"], /^Cannot read the search space data: it is a folder/],
    [space("misspelt"), /^Cannot search "learning-rat" in misspelt\.json: .* "learning-rate"\?$/],
    [
      space("range"),
      /with -1 no trial can be trained: Cannot train with a learning rate of -1: it/,
    ],
    [
      space("half"),
      /^Cannot search "batch-size" .*with 13\.\d+ no trial .*it must be a whole number/,
    ],
    [
      space("threads"),
      /^Cannot search "threads" in threads\.json: every trial has one thread; --w/,
    ],
    [
      space("epochs"),
      /^Cannot halve the trials of epochs\.json: "epochs" varies, .*--strategy random/,
    ],
    [space("utf16"), /^Cannot read the search space utf16\.json: it is text in UTF-16; save it in/],
    [
      space("twice"),
      /^Cannot search in twice\.json: it says "epochs" twice; write each name once$/,
    ],
    [space("preset"), /"basline" cannot be read: it must be one of /],
    [
      [...space("space"), "--trials", "0"],
      /^Cannot search with --trials 0: it must be a whole number/,
    ],
    [[...space("space"), "--workers", "1.5"], /^Cannot search with --workers 1\.5: it must be/],
    [
      [...space("space"), "--time", "10"],
      /^Cannot read --time "10": it must be seconds, minutes or/,
    ],
    [[...space("space"), "--time", "0s"], /^Cannot read --time "0s"/],
    [[...space("space"), "--seed", "-1"], /^Cannot seed the random numbers with -1/],
    [[...space("space"), "--name", "../x"], /^Cannot name a run "\.\.\/x"/],
    [[...space("space"), "--strategy", "grid"], /--strategy.*halving, random/],
    [
      ["--resume", "nowhere"],
      /^Cannot resume the search nowhere: there is no runs\/nowhere\/se/,
    ],
    [
      ["--resume", "a", "--trials", "3"],
      /^Cannot resume the search a: it keeps its own trials;/,
    ],
  ];
  await forEachCase(cases, async ([args, expected]) => {
    assert.match(refusalOf(await workplace.weft("search", ...args), 2), expected);
  });
  assert(!workplace.contents().includes("runs"));
});
