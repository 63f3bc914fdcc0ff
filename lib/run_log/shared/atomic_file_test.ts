import assert from "node:assert/strict";
import { WeftError } from "../../errors.ts";
import { writeFileAtomically } from "./atomic_file.ts";

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map((entry) => entry.name);
}

Deno.test("a file is written, and replaced, and nothing else stays", async () => {
  await withFolder(async (folder) => {
    for (const bytes of [new Uint8Array([1, 2, 3]), new Uint8Array([4]), new Uint8Array(0)]) {
      await writeFileAtomically(`${folder}/model`, bytes);
      assert.deepEqual(Deno.readFileSync(`${folder}/model`), bytes);
      assert.deepEqual(namesIn(folder), ["model"]);
    }
  });
});

Deno.test("a file that cannot take its place leaves nothing behind", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/model/inside`, { recursive: true });
    await assert.rejects(
      () => writeFileAtomically(`${folder}/model`, new Uint8Array([1])),
      (error) => {
        assert(error instanceof WeftError);
        assert.match(error.message, /^Cannot write .*model: .*\.$/);
        return true;
      },
    );
    assert.deepEqual(namesIn(folder), ["model"]);
    assert.deepEqual(namesIn(`${folder}/model`), ["inside"]);
  });
});

Deno.test("a folder that is missing or a file is named", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(
      () => writeFileAtomically(`${folder}/none/model`, new Uint8Array(1)),
      /^WeftError: Cannot write .*none\/model: the folder above it does not exist/,
    );
    await assert.rejects(
      () => writeFileAtomically(`${folder}/file/model`, new Uint8Array(1)),
      /^WeftError: Cannot write .*file\/model: a part of the path is a file/,
    );
  });
});
