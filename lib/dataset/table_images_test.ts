import assert from "node:assert/strict";
import fc from "fast-check";
import { WeftError } from "../errors.ts";
import { readCsv } from "./formats/csv.ts";
import { imagesOfTable, pixelColumns, pixelsOf } from "./table_images.ts";
import type { Table } from "./table.ts";

/** A table of images, whose columns have those names and stand in that order. */
function tableOf(names: readonly string[], pixels: Uint8Array): Table {
  const rows = pixels.length / names.length;
  const columns = names.map((name, j) => ({
    kind: "number" as const,
    name,
    values: Float64Array.from({ length: rows }, (_, row) => pixels[row * names.length + j]),
  }));
  const label = {
    kind: "number" as const,
    name: "label",
    values: Float64Array.from({ length: rows }, (_, row) => row % 3),
  };
  return { rows, columns: [label, ...columns], notes: [] };
}

const bytes = fc.uint8Array({ minLength: 3 * 36, maxLength: 3 * 36 });

Deno.test("columns of pixels become images, in whatever order they stand", () => {
  const numbered = Array.from({ length: 36 }, (_, i) => `pixel${i}`);
  const placed = Array.from({ length: 36 }, (_, i) => `${Math.floor(i / 9) + 1}x${i % 9 + 1}`);
  fc.assert(fc.property(bytes, fc.boolean(), (pixels, isSquare) => {
    const names = isSquare ? numbered : placed;
    const table = tableOf(names, pixels);
    const { features, shape, targets, classNames } = imagesOfTable(
      { ...table, columns: table.columns.toReversed() },
      { target: "label" },
    );
    assert.deepEqual([...features], [...pixels]);
    assert.deepEqual(shape, isSquare ? [6, 6] : [4, 9]);
    assert.deepEqual(targets, { task: "classification", labels: Uint8Array.of(0, 1, 2) });
    assert.deepEqual(classNames, ["0", "1", "2"]);
  }));
});

Deno.test("a row without target is left out, and counted", async () => {
  const rows = ["1,2,3,4,b", "5,6,7,8,", "9,10,11,12,a"];
  const table = await readCsv(["pixel0,pixel1,pixel2,pixel3,y", ...rows].join("\n"));
  const { features, targets, notes } = imagesOfTable(table, { target: "y" });
  assert.deepEqual([...features], [1, 2, 3, 4, 9, 10, 11, 12]);
  assert.deepEqual(targets, { task: "classification", labels: Uint8Array.of(1, 0) });
  assert.deepEqual(notes, ["1 row has no target, and is left out"]);
});

Deno.test("a table that has other columns, cells or names is none of images", async () => {
  for (
    const csv of [
      "label,pixel0,pixel1,pixel2\n0,1,2,3\n", // three
      "label,pixel0,pixel1,pixel2,pixel4\n0,1,2,3,4\n", // a gap
      "label,pixel0,pixel1,pixel2,pixel3\n0,1,2,3,256\n", // no byte
      "label,pixel0,pixel1,pixel2,pixel3\n0,1,2,3,0.5\n",
      "label,pixel0,pixel1,pixel2,pixel3\n0,1,2,3,\n", // a hole
      "label,1x1,1x2,2x1,2x3\n0,1,2,3,4\n",
      "a,b,c,d,e\n0,1,2,3,4\n",
    ]
  ) assert.equal(pixelColumns(await readCsv(csv)), null, csv);
  const found = pixelColumns(await readCsv("pixel1,pixel2,pixel3,pixel4,y,z\n1,2,3,4,a,b\n"));
  assert.deepEqual([found!.height, found!.width, found!.others], [2, 2, ["y", "z"]]);
});

Deno.test("what is no table of images is refused in one line", async () => {
  const table = await readCsv("pixel0,pixel1,pixel2,pixel3,y,z\n1,2,3,4,a,b\n1,2,3,4,b,b\n");
  const cases: readonly [() => unknown, RegExp][] = [
    [
      () => imagesOfTable(table, { target: "y" }),
      /besides pixels and the target it has "z"; .* --ignore z$/,
    ],
    [() => imagesOfTable(table, { target: "pixel8", ignore: ["z"] }), /did you mean "pixel0"\?/],
    [() => pixelsOf(table, ["pixel9"], "Cannot test"), /^Cannot test: it has no column "pixel9"$/],
  ];
  for (const [run, why] of cases) {
    assert.throws(run, (error) => error instanceof WeftError && why.test(error.message));
  }
  const holes = await readCsv("pixel0,pixel1,pixel2,pixel3,y\n1,2,3,4,\n1,2,3,4,\n");
  assert.throws(
    () => imagesOfTable(holes, { target: "y" }),
    /none of its 2 rows has a target \("y"\)$/,
  );
  const dark = await readCsv("pixel0,pixel1,pixel2,pixel3,y\n1,2,3,300,a\n1,2,3,4,b\n");
  const columns = pixelColumns(table)!;
  const again = { ...columns, others: ["y"] };
  assert.throws(
    () => imagesOfTable(dark, { target: "y", columns: again }),
    /row 1 has 300 in "pixel3"; pixels are whole numbers from 0 to 255$/,
  );
  const none = await readCsv("a,y\n1,2\n");
  assert.throws(() => imagesOfTable(none, { target: "y" }), /no columns such as pixel0/);
});
