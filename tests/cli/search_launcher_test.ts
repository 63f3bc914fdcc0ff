/** Trials that another program starts, as Slurm's `srun` does on the machines of a cluster. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { rankedTrials } from "../../lib/run_log/search/ranking.ts";
import { readSearch, type Search } from "../../lib/run_log/search/search.ts";
import {
  permissionFlags,
  refusalOf,
  requireSuccess,
  testUnless,
  Workplace,
} from "../support/cli.ts";

const ROOT = join(import.meta.dirname!, "../..");
const SPACE = {
  "learning-rate": { "log-uniform": [0.01, 3] },
  hidden: [[8]],
  "batch-size": 16,
  epochs: 9,
};
const SEARCH = "search --space space.json --data-dir data --seed 3 --trials 6";

function searchOf(workplace: Workplace, name: string): Search {
  return readSearch(Deno.readFileSync(workplace.path(`runs/${name}/search.json`))).search!;
}

function ranking(search: Search) {
  return rankedTrials(search).map(({ trial, scores, status }) => ({ trial, scores, status }));
}

/** Why there is nothing that starts a process elsewhere. */
const missing = Deno.build.os === "linux" ? null : "it takes programs of Linux";

testUnless(
  missing,
  "trials that a launcher starts come to what they come to without, also where some are lost",
  async () => {
    await using workplace = await Workplace.create();
    await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(SPACE));
    requireSuccess(await workplace.weft(...SEARCH.split(" "), "--name", "plain"));
    // Notes what it starts, and loses the second trial before it begins and the third some time later, the first time.
    const launcher = workplace.path("launch");
    const text = `#!/bin/sh
[ "$1 $2" = "--note of two words" ] || exit 3
shift 2
echo "$*" >> started
case "$*" in
  *"--run launched-002 "*) [ -e lost ] || { touch lost; exit 137; } ;;
  *"--run launched-003 "*) exec timeout --foreground -s KILL 0.8 "$@" ;;
esac
exec "$@"
`;
    await Deno.writeTextFile(launcher, text);
    await Deno.chmod(launcher, 0o755);
    const flags = permissionFlags("search").filter((flag) => !flag.startsWith("--allow-run"));
    const output = await new Deno.Command(Deno.execPath(), {
      cwd: workplace.folder.path,
      args: [
        ...["run", "-q", "--no-prompt", ...flags, `--allow-run=deno,${launcher}`],
        ...["--config", join(ROOT, "deno.json"), join(ROOT, "main.ts"), ...SEARCH.split(" ")],
        ...["--name", "launched", "--launcher", `${launcher} --note "of two words"`],
      ],
    }).output();
    assert(output.success, new TextDecoder().decode(output.stderr));
    assert.deepEqual(
      ranking(searchOf(workplace, "launched")),
      ranking(searchOf(workplace, "plain")),
    );
    const started = (await Deno.readTextFile(workplace.path("started"))).trim().split("\n");
    assert(started.length >= 8, "six trials, two of which continue");
  },
);

Deno.test("a launcher that the task may not start is refused, with what to type", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(SPACE));
  const refused = async (launcher: string) =>
    refusalOf(await workplace.weft(...SEARCH.split(" "), "--launcher", launcher), 2);
  assert.match(
    await refused("env -i"),
    /^Cannot start trials with env: the task may start deno and srun only.*--allow-run=deno,env"$/,
  );
  assert.match(await refused(" "), /^Cannot read --launcher " ": it must be a program with its/);
  assert.deepEqual(workplace.contents(), ["space.json"]);
});
