/** Which programs a search starts, and with what, whatever its space and its file say. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { NO_UNIX, refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";

const ROOT = join(import.meta.dirname!, "../..");
const MAIN = join(ROOT, "main.ts");

/** Puts a `deno` first on the path that notes its arguments, a line each and an empty one after them. */
async function notingDeno(workplace: Workplace): Promise<string> {
  await Deno.mkdir(workplace.path("bin"));
  const [notes, path] = [workplace.path("notes"), workplace.path("bin/deno")];
  await Deno.writeTextFile(
    path,
    `#!/bin/sh\nprintf '%s\\n' "$@" '' >> '${notes}'\nexec '${Deno.execPath()}' "$@"\n`,
  );
  await Deno.chmod(path, 0o755);
  return `${workplace.path("bin")}:${Deno.env.get("PATH")}`;
}

function started(workplace: Workplace): string[][] {
  const text = Deno.readTextFileSync(workplace.path("notes"));
  return text.split("\n\n").filter((it) => it !== "").map((it) => it.split("\n"));
}

const write = (workplace: Workplace, name: string, value: unknown) =>
  Deno.writeTextFile(workplace.path(name), JSON.stringify(value));

testUnless(
  NO_UNIX,
  "a space decides about options of trials and nothing else that is started",
  async () => {
    await using workplace = await Workplace.create();
    const PATH = await notingDeno(workplace);
    await write(workplace, "space.json", {
      "learning-rate": [0.1, 0.2],
      // Looks like an option of Deno and of main.ts, and is the name of an adapter that is not there.
      adapter: "--allow-all",
      backend: "webgpu",
      hidden: "none",
      epochs: 1,
    });
    const search = ["search", "--space", "space.json", "--data-dir", "data", "--name", "s"];
    const { code } = await workplace.weftWith({ env: { PATH } }, ...search);
    assert.equal(code, 1, "no trial has such an adapter");
    const [data, ...trials] = started(workplace);
    const common = ["run", "-q", "--no-prompt", "--allow-read"];
    const script = ["--config", join(ROOT, "deno.json"), MAIN];
    assert.deepEqual(data, [
      ...[...common, `--allow-env=INIT_CWD,WEFT_HOME,WEFT_DATA_DIR,WEFT_FETCHES`, ...script],
      ...["data", "--json", "--data-dir", "data"],
    ]);
    assert(trials.length >= 2);
    for (const trial of trials) {
      const run = trial[trial.indexOf("--run") + 1];
      assert.match(run, /^s-00[12]$/);
      // Its own folder, and the name that this has while it is filled.
      const [search, number] = trial[trial.indexOf("--trial-of") + 1].split(":");
      const folders = [`runs/${run}`, `runs/.${run}.${search}.${number}`];
      const fixed = [
        ...[...common, `--allow-write=${folders.join()}`],
        ...[`--allow-env=INIT_CWD,WEFT_HOME,WEFT_DATA_DIR,XDG_RUNTIME_DIR`, ...script, "train"],
      ];
      assert.deepEqual(trial.slice(0, fixed.length), fixed);
      const at = trial.indexOf("--allow-all");
      assert.equal(trial[at - 1], "--adapter");
      assert(at > fixed.length);
    }
  },
);

testUnless(NO_UNIX, "a search's file that was changed starts no trial", async () => {
  await using workplace = await Workplace.create();
  const PATH = await notingDeno(workplace);
  const space = { "learning-rate": [0.1, 0.2], hidden: "none", epochs: 1 };
  await write(workplace, "space.json", space);
  requireSuccess(
    await workplace.weft("search", "--space", "space.json", "--data-dir", "data", "--name", "s"),
  );
  const whole = JSON.parse(await Deno.readTextFile(workplace.path("runs/s/search.json")));
  const [first, ...others] = whole.trials;
  const changes = [
    { run: "--allow-all" },
    { run: "../elsewhere" },
    { run: "s-001,/" },
    { options: { ...first.options, "allow-all": true } },
    { options: { ...first.options, hidden: "--allow-all" } },
    { options: { ...first.options, "data-dir": "/" } },
  ];
  for (const change of changes) {
    const trials = [{ ...first, status: "running", scores: [], ...change }, ...others];
    await write(workplace, "runs/s/search.json", { ...whole, status: "interrupted", trials });
    const outcome = await workplace.weftWith({ env: { PATH } }, "search", "--resume", "s");
    assert.match(refusalOf(outcome, outcome.code), /^Cannot resume /, JSON.stringify(change));
    await assert.rejects(Deno.stat(workplace.path("notes")), Deno.errors.NotFound);
  }
});
