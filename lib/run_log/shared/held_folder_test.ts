import assert from "node:assert/strict";
import { NO_UNIX, testUnless } from "../../../tests/support/cli.ts";
import { temporaryFolder } from "../../../tests/support/temp_folder.ts";
import { HeldFolder } from "./held_folder.ts";

const BYTES = new Uint8Array([1, 2, 3]);

const namesIn = (path: string) => Array.from(Deno.readDirSync(path), ({ name }) => name).sort();

Deno.test("files and folders are written into a folder, and read from it", async () => {
  await using root = await temporaryFolder();
  const held = HeldFolder.at(root.path);
  await held.write("model", BYTES);
  assert.deepEqual(held.read("model"), BYTES);
  const inside = held.folder("checkpoints");
  assert.equal(held.folder("checkpoints").path, inside.path, "it may be there already");
  await inside.write("one", BYTES);
  inside.tryToRemove("one");
  assert.deepEqual(namesIn(root.path), ["checkpoints", "model"]);
  assert.deepEqual(namesIn(inside.path), []);
});

Deno.test("nothing is written where the folder was, once it is gone or another", async () => {
  const takers: [string, (path: string) => Promise<void>, RegExp][] = [
    ["gone", async () => {}, /it is gone meanwhile/],
    ["another", (path) => Deno.mkdir(path), /another folder took its place meanwhile/],
    ["a file", (path) => Deno.writeTextFile(path, ""), /something else took its place/],
  ];
  if (NO_UNIX === null) {
    takers.push(["a link", (path) => Deno.symlink("moved", path), /something else took its place/]);
  }
  for (const [what, take, why] of takers) {
    await using root = await temporaryFolder();
    const path = `${root.path}/run`;
    await Deno.mkdir(path);
    const held = HeldFolder.at(path);
    const inside = held.folder("checkpoints");
    using log = held.open("log", { append: true, createNew: true });
    held.requireOpen("log", log);
    await Deno.rename(path, `${root.path}/moved`);
    await take(path);
    const isLost = (error: Error) => {
      assert.equal(error.name, "LostFolderError", what);
      assert.match(error.message, /^Cannot continue writing (into )?\S+: /);
      return true;
    };
    assert.throws(() => held.requireStill(), why);
    for (const action of [() => held.requireOpen("log", log), () => held.folder("more")]) {
      assert.throws(action, isLost);
    }
    assert.throws(() => inside.requireStill(), isLost);
    await assert.rejects(() => held.write("model", BYTES), isLost);
    await assert.rejects(() => inside.write("one", BYTES), isLost);
    held.tryToRemove("log");
    assert.deepEqual(namesIn(`${root.path}/moved`), ["checkpoints", "log"]);
    if (what === "another") assert.deepEqual(namesIn(path), []);
  }
});

Deno.test("a folder that is removed and made anew is another, whatever number it gets", async () => {
  await using root = await temporaryFolder();
  const path = `${root.path}/run`;
  await Deno.mkdir(path);
  const held = HeldFolder.at(path);
  await new Promise((resolve) => setTimeout(resolve, 20)); // Times of files are no finer.
  await Deno.remove(path);
  await Deno.mkdir(path);
  assert.throws(() => held.requireStill(), /^LostFolderError: .*another folder took its place/);
});

Deno.test("an open file that was removed or replaced is lost", async () => {
  await using root = await temporaryFolder();
  const held = HeldFolder.at(root.path);
  using log = held.open("log", { append: true, createNew: true });
  await Deno.remove(`${root.path}/log`);
  assert.throws(() => held.requireOpen("log", log), /^LostFolderError: .*removed or replaced/);
  await Deno.writeTextFile(`${root.path}/log`, "another");
  assert.throws(() => held.requireOpen("log", log), /^LostFolderError: .*removed or replaced/);
});

testUnless(
  NO_UNIX,
  "a folder that goes between two looks is named before what lay in it",
  async () => {
    await using root = await temporaryFolder();
    const path = `${root.path}/run`;
    await Deno.mkdir(path);
    const held = HeldFolder.at(path);
    using log = held.open("log", { append: true, createNew: true });
    const lookedAt = {
      statSync() {
        Deno.renameSync(path, `${root.path}/moved`);
        return log.statSync();
      },
    } as typeof log;
    assert.throws(
      () => held.requireOpen("log", lookedAt),
      /^LostFolderError: Cannot continue writing into \S+run: it is gone meanwhile; /,
    );
  },
);

testUnless(NO_UNIX, "links in it are neither followed nor replaced", async () => {
  await using root = await temporaryFolder();
  const [run, outside] = ["run", "outside"].map((name) => `${root.path}/${name}`);
  for (const path of [run, outside]) await Deno.mkdir(path);
  await Deno.writeTextFile(`${outside}/file`, "precious");
  await Deno.symlink("../outside/file", `${run}/model`);
  await Deno.symlink("../outside", `${run}/checkpoints`);
  await Deno.symlink("run", `${root.path}/linked`);
  const held = HeldFolder.at(run);
  await assert.rejects(
    () => held.write("model", BYTES),
    /^WeftError: Cannot write \S+\/model: it is a symbolic link, which is not followed; remove it/,
  );
  assert.throws(() => held.read("model"), /^NoOwnFileError: model is a symbolic link/);
  assert.throws(
    () => held.open("model", { write: true }),
    /^NoOwnFileError: model is a symbolic l/,
  );
  assert.throws(
    () => held.folder("checkpoints"),
    /^WeftError: Cannot use the folder \S+checkpoints: /,
  );
  assert.throws(
    () => HeldFolder.at(`${root.path}/linked`),
    /linked is a symbolic link, which is not/,
  );
  assert.throws(() => HeldFolder.at(`${outside}/file`), /file is not a folder; put a folder/);
  await HeldFolder.root(`${root.path}/linked`).write("new", BYTES);
  assert.deepEqual(namesIn(run), ["checkpoints", "model", "new"]);
  assert.equal(await Deno.readTextFile(`${outside}/file`), "precious");
});
