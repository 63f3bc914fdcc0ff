/** A build that cannot be written says so in a line. */

import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { buildFailure } from "../lib/bundler/build_failure.ts";
import { decode } from "./cli.ts";
import { temporaryFolder } from "./temp_folder.ts";

const ROOT = join(import.meta.dirname!, "..");

Deno.test("kernels whose folder may not be written to are refused in a line, without a stack", async () => {
  await using folder = await temporaryFolder();
  const sources = ["deno.json", "deno.lock", "lib/bundler/build_failure.ts"];
  sources.push("lib/backends/wasm/job_table.ts");
  for (const from of ["assembly", "lib/backend"]) {
    for (const { name, isFile } of Deno.readDirSync(join(ROOT, from))) {
      if (isFile) sources.push(`${from}/${name}`);
    }
  }
  for (const path of sources) {
    await Deno.mkdir(dirname(join(folder.path, path)), { recursive: true });
    await Deno.copyFile(join(ROOT, path), join(folder.path, path));
  }
  const { code, stdout, stderr } = decode(
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-read", "assembly/build_kernels.ts"],
      cwd: folder.path,
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
