import assert from "node:assert/strict";
import { NO_UNIX, testUnless } from "../../../tests/support/cli.ts";
import { temporaryFolder } from "../../../tests/support/temp_folder.ts";
import { FolderClaim, removeAbandoned, removeAllAbandoned } from "./folder_claim.ts";
import { HeldFolder } from "./held_folder.ts";
import { requireFreeRunName } from "../run/run_folder.ts";

const namesIn = (path: string) => Array.from(Deno.readDirSync(path), ({ name }) => name).sort();

function make(path: string): HeldFolder {
  Deno.mkdirSync(path);
  return HeldFolder.at(path);
}

Deno.test("a claim ends with the folder where nothing came of it, and alone where something did", async () => {
  await using root = await temporaryFolder();
  const [nothing, something] = ["nothing", "something"].map((name) => make(`${root.path}/${name}`));
  FolderClaim.ofNew(nothing).end();
  const claim = FolderClaim.ofNew(something);
  await something.write("compare.json", new Uint8Array(1));
  claim.end();
  assert.deepEqual(namesIn(root.path), ["something"]);
  assert.deepEqual(namesIn(something.path), ["compare.json"]);
});

testUnless(NO_UNIX, "a folder is one process's at a time", async () => {
  await using root = await temporaryFolder();
  const folder = make(`${root.path}/search`);
  {
    using _claim = FolderClaim.ofNew(folder);
    assert.equal(FolderClaim.ofEarlier(folder), null);
  }
  using again = FolderClaim.ofEarlier(folder);
  assert(again);
});

testUnless(NO_UNIX, "only what a killed process left and nothing else goes", async () => {
  await using root = await temporaryFolder();
  const at = (name: string) => `${root.path}/${name}`;
  // As after a kill: the system gives up the claim, and the file stays.
  const kill = (name: string) => FolderClaim.ofNew(make(at(name)))[Symbol.dispose]();
  for (const name of ["abandoned", "full", "named"]) kill(name);
  await Deno.writeTextFile(at("full/thesis.txt"), "precious");
  using _underWay = FolderClaim.ofNew(make(at("under-way")));
  make(at("empty"));
  make(at("search-of-an-earlier-version"));
  await Deno.writeTextFile(at("search-of-an-earlier-version/lock"), "");
  await Deno.symlink("abandoned", at("link"));
  removeAbandoned(at("link"));
  assert.deepEqual(namesIn(at("abandoned")), ["lock"]);
  const before = namesIn(root.path);
  requireFreeRunName(root.path, "named");
  removeAllAbandoned(root.path);
  assert.deepEqual(
    namesIn(root.path),
    before.filter((name) => name !== "abandoned" && name !== "named"),
  );
  assert.deepEqual(namesIn(at("full")), ["lock", "thesis.txt"]);
  removeAllAbandoned(at("none"));
});
