import assert from "node:assert/strict";
import { NO_UNIX, testUnless } from "../../../tests/support/cli.ts";
import { temporaryFolder } from "../../../tests/support/temp_folder.ts";
import {
  isBelow,
  NoOwnFileError,
  OpenFile,
  readOwnFile,
  requireNoLinksBelow,
  requireSameFile,
} from "./open_file.ts";

const textOf = (path: string) => new TextDecoder().decode(readOwnFile(path));

/** A folder `run` with a `log`, and a folder `outside` with a `secret`. */
async function place() {
  const folder = await temporaryFolder();
  const { path } = folder;
  for (const name of ["run", "outside"]) await Deno.mkdir(`${path}/${name}`);
  await Deno.writeTextFile(`${path}/run/log`, "a log");
  await Deno.writeTextFile(`${path}/outside/secret`, "a secret");
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

Deno.test("a file is read whole, and from any place", async () => {
  await using at = await place();
  assert.equal(textOf(`${at.path}/run/log`), "a log");
  using file = new OpenFile(`${at.path}/run/log`);
  assert.equal(file.size, 5);
  assert.equal(new TextDecoder().decode(file.read(2, new Uint8Array(2))), "lo");
  assert.equal(file.read(3, new Uint8Array(9)).length, 2);
  assert.throws(() => readOwnFile(`${at.path}/run/none`), Deno.errors.NotFound);
  assert.throws(() => readOwnFile(`${at.path}/none/log`), Deno.errors.NotFound);
});

testUnless(NO_UNIX, "links are not followed, and what is no file is not read", async () => {
  await using at = await place();
  await Deno.symlink("../outside/secret", `${at.path}/run/link`);
  await Deno.symlink("outside", `${at.path}/linked`);
  await Deno.symlink("nowhere", `${at.path}/run/dangling`);
  await new Deno.Command("mkfifo", { args: [`${at.path}/run/pipe`] }).output();
  for (
    const [path, why] of [
      ["run/link", "link is a symbolic link, which is not followed"],
      ["run/dangling", "dangling is a symbolic link, which is not followed"],
      ["linked/secret", "linked is a symbolic link, which is not followed"],
      ["run/pipe", "pipe is not a file"],
      ["run", "run is not a file"],
      ["run/log/log", "log is not a folder"],
    ]
  ) assert.throws(() => readOwnFile(`${at.path}/${path}`), new RegExp(`^NoOwnFileError: ${why}$`));
});

testUnless(
  NO_UNIX,
  "what was opened is what lies there, whatever was there in between",
  async () => {
    await using at = await place();
    const log = `${at.path}/run/log`;
    // As if the link had been there for the moment in which the file was opened.
    using secret = await Deno.open(`${at.path}/outside/secret`);
    assert.throws(() => requireSameFile(log, secret.statSync()), NoOwnFileError);
    // And as if it had come after that.
    using file = await Deno.open(log);
    requireSameFile(log, file.statSync());
    await Deno.symlink("../outside/secret", `${at.path}/run/new`);
    await Deno.rename(`${at.path}/run/new`, log);
    assert.throws(() => requireSameFile(log, file.statSync()), NoOwnFileError);
    assert.throws(() => requireSameFile(log, secret.statSync()), NoOwnFileError);
  },
);

testUnless(NO_UNIX, "no folder between a root and a path may be a link, the root may", async () => {
  await using at = await place();
  await Deno.mkdir(`${at.path}/run/deep`);
  await Deno.symlink("../../outside", `${at.path}/run/deep/link`);
  await Deno.symlink("run", `${at.path}/root`);
  for (const root of ["run", "root", "root/"]) {
    const below = (path: string) => requireNoLinksBelow(`${at.path}/${root}`, path);
    const folder = `${at.path}/${root.replace("/", "")}`;
    below(`${folder}/deep/none/of/this`);
    below(`${folder}/log`);
    below(folder);
    below(`${at.path}/outside/secret`);
    for (const path of ["deep/link", "deep/link/secret", "deep/../deep/link/none"]) {
      assert.throws(() => below(`${folder}/${path}`), /^NoOwnFileError: link is a symbolic link/);
    }
  }
});

Deno.test("a path is below a root by its text", () => {
  for (const path of ["runs/a", "./runs/a/b", "runs//a", "runs/..a", "x/../runs/a"]) {
    assert(isBelow("runs", path), path);
  }
  for (const path of ["runs", "runs/", "runs/../a", "runsa/b", "a/runs", ".", "/", "../runs/a"]) {
    assert(!isBelow("runs", path), path);
  }
});
