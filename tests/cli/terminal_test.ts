/** What a person at a terminal sees that a pipe does not: one line of progress, overwritten. */

import assert from "node:assert/strict";
import { requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { whyNoTerminal } from "../support/terminal.ts";

testUnless(
  await whyNoTerminal(),
  "at a terminal, one line says where training is, and gives way to the report",
  async () => {
    await using workplace = await Workplace.create();
    const train = "$WEFT train --data-dir data --epochs 300 --batch-size 8 --run seen";
    await Deno.writeTextFile(
      workplace.path("train.sh"),
      workplace.expand(`stty cols 60; ${train}`),
    );
    const { stdout } = requireSuccess(
      await workplace.shell("script -qec 'sh train.sh' /dev/null"),
    );
    // Goes to the beginning of the line and erases it.
    const [notes, ...lines] = stdout.split("\r\x1b[K");
    assert.match(notes, /^note: [^\n]*\n$/);
    const report = lines.pop()!;
    assert(lines.length > 1, stdout);
    for (const line of lines) {
      assert.match(line, /^epoch +\d+\/300 /);
      assert(line.length < 60, line);
    }
    assert.match(report, /^Cross-entropy loss in nats/);
    assert(!report.includes("\x1b"));
  },
);

testUnless(
  await whyNoTerminal(),
  "a report fits a terminal of 40 columns, in its chart and its tables",
  async () => {
    await using workplace = await Workplace.create();
    const train = "$WEFT train --data-dir data --epochs 12 --run seen";
    await Deno.writeTextFile(
      workplace.path("train.sh"),
      workplace.expand(`stty cols 40; ${train}`),
    );
    const { stdout } = requireSuccess(
      await workplace.shell("script -qec 'sh train.sh' /dev/null"),
    );
    const report = stdout.split("\r\x1b[K").pop()!.split("\r\n");
    // Sentences are the terminal's to wrap; what has columns of its own is not.
    const drawn = report.filter((line) => /[│┤└▲]|^Class |^---|^Mean |^\d+ /.test(line));
    assert(drawn.length > 12, stdout);
    for (const line of drawn) assert(line.length <= 40, line);
  },
);
