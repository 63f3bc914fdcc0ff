/** Whoever trains on data in memory grants nothing: no file, no network, no variable, no prompt. */
import assert from "node:assert/strict";
import { join } from "node:path";

/** Runs Deno on a file of this repository without any permission, and without fetching anything. */
async function runWithoutPermission(command: string[], file: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...command, "--no-prompt", "--cached-only", join(import.meta.dirname!, file)],
    env: { NO_COLOR: "1" },
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}

Deno.test("the library trains, evaluates and predicts without any permission", async () => {
  const { code, out, errors } = await runWithoutPermission(["run", "--quiet"], "library_user.ts");
  assert.equal(errors, "");
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), { status: "completed", accuracy: 1, classes: [0, 1, 2] });
});

Deno.test("the example in the library's docstring runs as it stands, without any permission", async () => {
  const { code, out, errors } = await runWithoutPermission(["test", "--doc"], "../../lib/mod.ts");
  assert.equal(code, 0, out + errors);
  assert.match(out, /\b1 passed \| 0 failed/);
});
