/** SIGINT (Ctrl-C) and SIGTERM: what was learned is saved, unless a second signal says to hurry. */

import assert from "node:assert/strict";
import { parseRunLog, type RunLog } from "../../lib/run_log/run/reader.ts";
import {
  decode,
  NO_UNIX,
  refusalOf,
  requireSuccess,
  testUnless,
  Workplace,
} from "../support/cli.ts";

/** A run with more epochs than anyone waits for. */
const ENDLESS = ["train", "--data-dir", "data", "--hidden", "8", "--epochs", "1000000", "--json"];

/**
 * Starts an endless run, sends it `signals` once it has finished an epoch, and waits for its end.
 */
async function interrupt(
  workplace: Workplace,
  run: string,
  signals: readonly Deno.Signal[],
): Promise<{ code: number; stderr: string; log: RunLog }> {
  await using child = workplace.start(...ENDLESS, "--run", run);
  const stderr = new Response(child.stderr).text();
  let sent = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    if (sent || !text.includes('"type":"epoch"')) continue;
    for (const signal of signals) child.kill(signal);
    sent = true;
  }
  const { code } = await child.status;
  const log = parseRunLog(await Deno.readFile(workplace.path(`runs/${run}/log.jsonl`)));
  return { code, stderr: await stderr, log };
}

testUnless(
  NO_UNIX,
  "after SIGINT or SIGTERM the model is saved, the log is ended, and the exit code is 130",
  async () => {
    await using workplace = await Workplace.create();
    await Promise.all((["SIGINT", "SIGTERM"] as const).map(async (signal) => {
      const { code, stderr, log } = await interrupt(workplace, signal, [signal]);
      assert.equal(code, 130);
      assert.match(stderr, /^note: [^\n]*\n$/);
      assert.deepEqual(log.problems, []);
      assert.equal(log.end?.status, "interrupted");
      assert(log.epochs.length > 0);
      assert(Deno.statSync(workplace.path(`runs/${signal}/loss.svg`)).size > 0);
      const { stdout } = requireSuccess(
        await workplace.weft("evaluate", "--data-dir", "data", "--model", signal, "--json"),
      );
      assert.equal(JSON.parse(stdout).accuracy, log.end.testAccuracy);
      assert.equal(JSON.parse(stdout).loss, log.end.testLoss);
    }));
  },
);

testUnless(
  NO_UNIX,
  "a second signal ends the process at once; what the log holds by then stays readable",
  async () => {
    await using workplace = await Workplace.create();
    // Two kinds, because the system may deliver two signals of one kind as one.
    const { code, log } = await interrupt(workplace, "twice", ["SIGINT", "SIGTERM"]);
    assert.equal(code, 130);
    assert.deepEqual(log.problems, []);
    assert(log.epochs.length > 0);
    assert.equal(log.end, null);
    const files = Array.from(Deno.readDirSync(workplace.path("runs/twice")), ({ name }) => name);
    assert(!files.includes("model.safetensors"), "a file is there whole or not at all");
  },
);

testUnless(
  NO_UNIX,
  "a signal while the data is read ends the command before there is a run",
  async () => {
    await using workplace = await Workplace.create();
    // A pipe can be opened to be read when someone opens it to be written, and no sooner.
    const [first, last] = ["train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"].map((name) =>
      workplace.path(`data/${name}`)
    );
    for (const pipe of [first, last]) {
      await Deno.remove(pipe);
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
    }
    await using child = workplace.start("train", "--data-dir", "data");
    await openForWriting(first);
    child.kill("SIGINT");
    // Nothing shows that the signal has arrived; only then may reading continue.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await openForWriting(last);
    const outcome = decode(await child.output());
    assert.match(refusalOf(outcome, 130), /^Interrupted before there was anything to save$/);
    assert.deepEqual(workplace.contents(), []);
  },
);

/**
 * Opens a pipe, waiting for its reader, and closes it; in a process, so that waiting can be given
 * up.
 */
async function openForWriting(pipe: string): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  await new Deno.Command("sh", { args: ["-c", ': > "$0"', pipe], signal }).output();
}
