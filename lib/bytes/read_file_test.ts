import assert from "node:assert/strict";
import { join } from "node:path";
import { NO_UNIX, testUnless } from "../../tests/support/cli.ts";
import { temporaryFolder } from "../../tests/support/temp_folder.ts";
import { WeftError } from "../errors.ts";
import { readWholeFile } from "./read_file.ts";

Deno.test("a file is read as it is, and not where it is longer than it may be", async () => {
  await using temporary = await temporaryFolder();
  const path = join(temporary.path, "f");
  for (const length of [0, 1, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    await Deno.writeFile(path, bytes);
    assert.deepEqual(await readWholeFile(path, length), bytes);
  }
  await assert.rejects(
    readWholeFile(path, 99_999),
    new WeftError("it has 100000 bytes, and at most 99999 are read"),
  );
});

testUnless(
  NO_UNIX,
  "a file that does not say how long it is is read to its end, and one without an end is given up",
  async () => {
    await using temporary = await temporaryFolder();
    const pipe = join(temporary.path, "pipe");
    const sh = (line: string) => new Deno.Command("sh", { args: ["-c", line, "sh", pipe] });
    await sh('mkfifo "$1"').output();
    const finite = sh('head -c 200000 /dev/zero | tr "\\0" a > "$1"').spawn();
    const bytes = await readWholeFile(pipe, 200_000);
    assert.deepEqual([bytes.length, bytes[0], bytes.at(-1)], [200_000, 97, 97]);
    await finite.status;
    const endless = sh('exec yes > "$1" 2> /dev/null').spawn();
    await assert.rejects(
      readWholeFile(pipe, 300_000),
      new WeftError("it continues, and at most 300000 are read"),
    );
    await endless.status;
  },
);
