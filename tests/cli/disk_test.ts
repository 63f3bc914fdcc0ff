/** Places that cannot be written to: full disks, closed pipes, a file where a folder should be. */

import assert from "node:assert/strict";
import { encodeSafetensors } from "../../lib/model/safetensors.ts";
import { parseRunLog } from "../../lib/run_log/run/reader.ts";
import { NO_UNIX, refusalOf, testUnless, Workplace } from "../support/cli.ts";

/** Why a test cannot run that needs a device that is always full. */
const NO_DEV_FULL = Deno.build.os === "linux" ? null : "only Linux has /dev/full";

/** A limit for the size of a file, as a disk that fills up: 512 bytes a block. */
const limitedTo = (blocks: number, line: string) => `trap '' XFSZ; ulimit -f ${blocks}; ${line}`;

/** A layer of 2 inputs and 2 outputs under PyTorch's names. */
function networkOfOthers(): Uint8Array {
  return encodeSafetensors([
    { name: "fc.weight", shape: [2, 2], data: new Float32Array(4) },
    { name: "fc.bias", shape: [2], data: new Float32Array(2) },
  ]);
}

Deno.test("runs/ that is a file is refused in one line", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("runs"), "no folder");
  for (const name of [[], ["--run", "mine"]]) {
    const line = refusalOf(await workplace.weft("train", "--data-dir", "data", ...name), 1);
    assert.match(line, /^Cannot make the folder of (runs runs|the run runs\/mine): \S.*\.$/);
  }
  assert.equal(await Deno.readTextFile(workplace.path("runs")), "no folder");
});

testUnless(
  NO_UNIX,
  "a disk that fills up while the log is written ends the run in one line; the log is readable",
  async () => {
    await using workplace = await Workplace.create();
    // Room for the run record and a few epochs.
    const outcome = await workplace.shell(
      limitedTo(8, "$WEFT train --data-dir data --epochs 50 --run full"),
    );
    const line = refusalOf(outcome, 1);
    assert.match(line, /^Cannot write to the run log runs\/full\/log\.jsonl: \S/);
    const log = parseRunLog(await Deno.readFile(workplace.path("runs/full/log.jsonl")));
    assert.deepEqual(log.problems, []);
    assert.equal(log.run?.name, "full");
    assert(log.epochs.length > 0 && log.epochs.length < 50);
    assert.notEqual(log.end?.status, "completed");
  },
);

testUnless(
  NO_UNIX,
  "a disk without room for the model ends the run in one line, and the log keeps its measures",
  async () => {
    await using workplace = await Workplace.create();
    // 35 x 2000 weights are 273 KiB, far more than the 64 KiB that the log may grow to.
    const outcome = await workplace.shell(
      limitedTo(128, "$WEFT train --data-dir data --epochs 2 --hidden 2000 --run full"),
    );
    const line = refusalOf(outcome, 1);
    assert.match(line, /^Cannot write runs\/full\/model\.safetensors: \S/);
    const log = parseRunLog(await Deno.readFile(workplace.path("runs/full/log.jsonl")));
    assert.deepEqual(log.problems, []);
    assert.equal(log.end?.status, "failed");
    assert.equal(log.end.error, line);
    assert.equal(log.end.testAccuracy !== null && log.end.perClass?.length, 3);
    const files = Array.from(Deno.readDirSync(workplace.path("runs/full")), ({ name }) => name);
    assert.deepEqual(files.sort(), ["checkpoints", "log.jsonl"], "no half-written model");
    assert.deepEqual([...Deno.readDirSync(workplace.path("runs/full/checkpoints"))], []);
    // Of two epochs neither could leave a checkpoint, which is said once, and both were trained.
    const notes = outcome.stderr.split("\n").filter((text) => text.includes("checkpoints"));
    assert.equal(notes.length, 1);
    assert.match(
      notes[0],
      /^note: Cannot write runs\/full\/checkpoints\/epoch-.* Training continues/,
    );
    assert.equal(log.epochs.length, 2);
  },
);

testUnless(
  NO_UNIX,
  "a disk without any room leaves no folder of a comparison, a search or an import",
  async () => {
    await using workplace = await Workplace.create();
    await Deno.writeTextFile(workplace.path("space.json"), '{"learning-rate": [0.1, 0.2]}');
    await Deno.writeFile(workplace.path("m.safetensors"), networkOfOthers());
    const commands = [
      "compare --quick --backends reference --data-dir data --out mine",
      "search --space space.json --data-dir data --trials 2 --name mine",
      "import --file m.safetensors --run mine --height 1 --width 2",
    ];
    for (const command of commands) {
      const line = refusalOf(await workplace.shell(limitedTo(0, `$WEFT ${command}`)), 1);
      assert.match(line, /^Cannot write runs\/mine\/lock: \S.*\.$/);
      assert.deepEqual(workplace.contents("runs"), []);
    }
  },
);

testUnless(NO_UNIX, "a reader that has gone away is no error", async () => {
  await using workplace = await Workplace.create();
  // `read` takes one line and goes; the command's own exit code is what the shell prints.
  const { stdout, stderr } = await workplace.shell(
    "{ $WEFT train --data-dir data --epochs 3 --json --run cut; echo $? >&2; } | read line",
  );
  assert.equal(stdout, "");
  assert.match(stderr, /^note: [^\n]*\n0\n$/);
  const log = parseRunLog(await Deno.readFile(workplace.path("runs/cut/log.jsonl")));
  assert.equal(log.end?.status, "completed");
});

testUnless(
  NO_DEV_FULL,
  "a standard output that cannot be written to is an error in one line",
  async () => {
    await using workplace = await Workplace.create();
    const line = refusalOf(await workplace.shell("$WEFT data --data-dir data > /dev/full"), 1);
    assert.match(line, /^Cannot write to the standard output: the disk is full; .*\(ENOSPC\)\.$/);
  },
);
