/** A limit of the system on threads and processes. */

import assert from "node:assert/strict";
import { requireSuccess, testUnless, Workplace } from "../support/cli.ts";

/** Another user, because no limit counts for root, and the limit itself. */
const LIMITED =
  'as_user() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; ' +
  'else "$@"; fi; }; as_user prlimit --nproc=';

/** Why no limit can be set here. */
async function whyNoLimit(): Promise<string | null> {
  if (Deno.build.os !== "linux") return "it needs prlimit of util-linux";
  await using workplace = await Workplace.create();
  await Deno.chmod(workplace.path("."), 0o777);
  const { code } = await workplace.shell(`${LIMITED}4000 $WEFT data --data-dir data`);
  return code === 0 ? null : "it needs prlimit, and as root another user who may run Deno";
}

testUnless(
  await whyNoLimit(),
  "where the system has no room for all threads, fewer train, to the same bits, and that is said",
  async () => {
    await using workplace = await Workplace.create();
    await Deno.chmod(workplace.path("."), 0o777);
    const train = "$WEFT train --data-dir data --epochs 3 --threads 40 --json";
    const outcomes = await Promise.all(
      [4000, 30].map((most) => workplace.shell(`${LIMITED}${most} ${train} --run r${most}`)),
    );
    const [all, fewer] = outcomes.map(requireSuccess);
    assert.doesNotMatch(all.stderr, /threads/);
    const [, started] =
      /^note: (\d+) of 40 threads could be started, [^\n]*$/m.exec(fewer.stderr) ??
        [];
    assert(Number(started) >= 1 && Number(started) < 40, fewer.stderr);
    const lossesOf = (text: string) =>
      text.split("\n").filter((line) => line.startsWith('{"type":"epoch"'))
        .map((line) => JSON.parse(line).trainLoss);
    assert.deepEqual(lossesOf(fewer.stdout), lossesOf(all.stdout));
  },
);
