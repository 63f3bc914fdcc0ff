import assert from "node:assert/strict";
import { join } from "node:path";
import { WeftError } from "../../errors.ts";
import { assertNeverBreaks } from "../../../tests/support/mutations.ts";
import { readNpy } from "./npy.ts";
import { Npz, readNpz } from "./npz.ts";

const FILES = join(import.meta.dirname!, "../../../tests/golden/numpy_arrays");
const file = (name: string) => Deno.readFileSync(join(FILES, name));
const expected: Record<string, { shape: number[]; values: number[] }> = JSON.parse(
  Deno.readTextFileSync(join(FILES, "expected.json")),
);

for (const archive of ["stored.npz", "deflated.npz"]) {
  Deno.test(`NumPy's own arrays of every type and order are read: ${archive}`, async () => {
    const arrays = await readNpz(file(archive));
    assert.deepEqual([...arrays.keys()], Object.keys(expected));
    for (const [name, { shape, values }] of arrays) {
      assert.deepEqual({ shape, values: [...values] }, expected[name], name);
    }
  });
}

Deno.test("a header of version 2 is read", () => {
  const { shape, values } = readNpy(file("version2.npy"));
  assert.deepEqual([shape, values.length, values[23]], [[2, 3, 4], 24, 23]);
});

Deno.test("what is no array of numbers is refused by name", async () => {
  const archive = new Npz(file("refused.npz"), "x.npz");
  for (
    const [name, why] of [
      ["objects", /objects in x\.npz: its elements are of the type \|O \(Python objects\)/],
      ["text", /<U2 \(text\)/],
      ["complex", /<c16 \(complex numbers\)/],
      ["records", /records of several fields/],
      ["large", /1152921504606846976, beyond 2 \*\* 53/],
      ["nothing", /"nothing" in x\.npz: it has objects, text/],
    ] as const
  ) {
    await assert.rejects(archive.read(name), (error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, why);
      return true;
    });
  }
});

Deno.test("whatever befalls a file, it is an array or a line", async () => {
  await assertNeverBreaks(file("version2.npy"), 5_000, (bytes) => void readNpy(bytes));
  await assertNeverBreaks(file("deflated.npz"), 5_000, async (bytes) => void await readNpz(bytes));
});
