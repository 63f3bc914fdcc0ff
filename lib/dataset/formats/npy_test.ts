import assert from "node:assert/strict";
import { join } from "node:path";
import { WeftError } from "../../errors.ts";
import { assertNeverBreaks } from "../../../tests/support/mutations.ts";
import { readIdx } from "./idx_array.ts";
import { readNpy, readNpyLabels } from "./npy.ts";
import { Npz, readNpz } from "./npz.ts";
import { zipEntries } from "./zip.ts";

const FILES = join(import.meta.dirname!, "../../../tests/golden/numpy_arrays");
const file = (name: string) => Deno.readFileSync(join(FILES, name));
const expected: Record<string, { shape: number[]; values: number[] }> = JSON.parse(
  Deno.readTextFileSync(join(FILES, "expected.json")),
);

const DTYPES: Readonly<Record<string, string>> = {
  b1: "bool",
  u1: "uint8",
  i1: "int8",
  u2: "uint16",
  i2: "int16",
  u4: "uint32",
  i4: "int32",
  u8: "uint64",
  i8: "int64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

for (const archive of ["stored.npz", "deflated.npz"]) {
  Deno.test(`NumPy's own arrays of every type and order are read: ${archive}`, async () => {
    const arrays = await readNpz(file(archive));
    assert.deepEqual([...arrays.keys()], Object.keys(expected));
    for (const [name, { shape, values, dtype }] of arrays) {
      assert.deepEqual({ shape, values: [...values] }, expected[name], name);
      assert.equal(dtype, DTYPES[name.split("_")[0]] ?? "float32", name);
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

Deno.test("texts are read where they may be: both orders of bytes, and bytes as Latin-1", async () => {
  const archive = new Npz(file("texts.npz"));
  const texts = ["cat", "dog", "", "é雪🐱"];
  for (const name of ["little", "big"]) {
    assert.deepEqual(await archive.readLabels(name), { shape: [4], values: texts, dtype: "text" });
  }
  assert.deepEqual((await archive.readLabels("bytes")).values, ["cat", "dog", "", "x"]);
  await assert.rejects(archive.readLabels("fortran"), /texts in Fortran's order; save it in one/);
  await assert.rejects(archive.readLabels("litle"), /; did you mean "little"\?$/);
  const numbers = await new Npz(file("stored.npz")).readLabels("i8_big_F");
  assert.deepEqual([numbers.dtype, [...numbers.values]], ["int64", expected.i8_big_F.values]);
});

Deno.test("IDX of every type and number of dimensions is read", () => {
  for (const type of ["u1", "i1", "i2", "i4", "f4", "f8"]) {
    for (const shape of [[6], [2, 3], [1, 2, 1, 3]]) {
      const name = `${type}_${shape.length}.idx`;
      const { values, ...rest } = readIdx(file(name));
      assert.deepEqual(rest, { shape, dtype: DTYPES[type] }, name);
      const golden = type.endsWith("1") ? `${type}_one_C` : `${type}_big_C`;
      assert.deepEqual([...values], expected[golden].values, name);
    }
  }
  const bytes = file("f4_2.idx");
  assert.throws(() => readIdx(bytes.subarray(0, 30)), /2 x 3 takes 36 bytes, and the file has 30;/);
  assert.throws(
    () => readIdx(bytes.subarray(0, 9), "x.idx"),
    /^WeftError: Cannot read x\.idx: it is no/,
  );
  assert.throws(() => readIdx(file("stored.npz")), /it is a zip of NumPy arrays/);
});

Deno.test("whatever befalls a file, it is an array or a line", async () => {
  await assertNeverBreaks(file("version2.npy"), 10_000, (bytes) => void readNpy(bytes));
  await assertNeverBreaks(file("deflated.npz"), 10_000, async (bytes) => void await readNpz(bytes));
  await assertNeverBreaks(file("f4_2.idx"), 10_000, (bytes) => void readIdx(bytes));
  const texts = await zipEntries(file("texts.npz"), "x")[0].read();
  await assertNeverBreaks(texts, 10_000, (bytes) => void readNpyLabels(bytes));
});
