/** A build that cannot be written says so in a line. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { buildFailure } from "../../lib/bundler/build_failure.ts";
import { decode } from "../support/cli.ts";
import { Checkout } from "../support/terminal.ts";

Deno.test("kernels whose folder may not be written to are refused in a line, without a stack", async () => {
  await using checkout = await Checkout.create();
  await Deno.remove(join(checkout.path, "assembly/build"), { recursive: true });
  const { code, stdout, stderr } = decode(
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-read", "assembly/build_kernels.ts"],
      cwd: checkout.path,
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).output(),
  );
  assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
  assert.match(
    stderr,
    /^error: Cannot build the kernels in \/[^\n]*\/assembly\/build\/: [^\n]*\n$/,
  );
});

Deno.test("what is to be done about a build is said of each cause, in one line", () => {
  const failure = (error: unknown) => buildFailure("the kernels", "/weft/build", error);
  const denied = new Deno.errors.PermissionDenied("Permission denied (os error 13): mkdir");
  assert.match(failure(denied), /^error: Cannot build the kernels in \/weft\/build: this user may/);
  assert.match(failure(Object.assign(new Error("x"), { code: "EROFS" })), /: this user may not/);
  assert.match(failure(Object.assign(new Error("x"), { code: "ENOSPC" })), /: the disk is full/);
  assert.match(failure(new TypeError("a\nb")), /: its compiler cannot be loaded: a b$/);
  assert.match(failure("nothing"), /: nothing$/);
});

Deno.test("a build that is not known is refused, and nothing is built instead", async () => {
  await using checkout = await Checkout.create();
  for (const task of ["build nonsense", "build:predictor --foo", "dashboard:build nonsense"]) {
    const { code, stderr } = decode(
      await new Deno.Command(Deno.execPath(), {
        args: ["task", "-q", ...task.split(" ")],
        cwd: checkout.path,
        env: { NO_COLOR: "1" },
        stdout: "piped",
        stderr: "piped",
      }).output(),
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /error: Cannot build (nonsense|--foo): [^\n]+\n$/);
  }
});
