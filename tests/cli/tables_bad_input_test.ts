/** Tables that cannot be trained on each have their line, and leave nothing behind. */

import assert from "node:assert/strict";
import { gzipSync, strToU8, zipSync } from "fflate";
import { forEachCase, refusalOf, Workplace } from "../support/cli.ts";
import { table } from "./table_files.ts";

const lines = (count: number, line: (i: number) => string, head = "a,y") =>
  [head, ...Array.from({ length: count }, (_, i) => line(i)), ""].join("\n");

const bytes = (...values: number[]) => Uint8Array.from([...values, ...new Uint8Array(64)]);

/** Files, and what is said when `y` of each is to be learned. */
const FILES: Record<string, readonly [contents: string | Uint8Array, code: number, said: RegExp]> =
  {
    "ragged.csv": ["a,b,y\n1,2,x\n3,4\n", 1, /line 3 has 2 cells, and the first line has 3/],
    "quote.csv": ['a,y\n"1,x\n', 1, /line 2/],
    "empty.csv": ["", 1, /empty\.csv: it is empty; give a file with a line of names and rows$/],
    "empty.jsonl": ["\n\n", 1, /it has no line; give a file with an object in each line$/],
    "header.csv": ["a,y\n", 1, /it names columns and has no row/],
    "twice.csv": ["a,a,y\n1,2,x\n", 1, /columns 1 and 2 are both called "a"/],
    "constant.csv": [
      lines(50, (i) => `${i},same`),
      1,
      /Cannot learn "y": it is "same" in all 50 rows/,
    ],
    "none.csv": [lines(50, (i) => `${i},NA`), 1, /none of its 50 rows has a target \("y"\)/],
    "alone.csv": ["y\nyes\nno\nyes\nno\n", 2, /no column is left to learn from/],
    "text.csv": [
      lines(50, (i) => `${i === 17 ? "abc" : i},${i % 2}`),
      2,
      /column "a": it has "abc" in line 19 among numbers; .*--ignore a, or take it with --categories a$/,
    ],
    "infinite.csv": [lines(50, (i) => `${i === 17 ? "inf" : i},${i % 2}`), 2, /"inf" in line 19/],
    "beyond.csv": [lines(50, (i) => `${i === 17 ? "1e999" : i},${i % 2}`), 2, /"1e999" in line 19/],
    "large.csv": [lines(50, (i) => `${i},${i}e38`), 1, /row \d+, column "y": it is beyond float32/],
    "commas.csv": [lines(50, (i) => `${i},5;${i % 2}`, "a;y"), 2, /decimal commas, such as "0,5"/],
    "categories.csv": [
      lines(10_000, (i) => `c${i},${i % 2}`),
      2,
      /column "a": it has 10000 distinct texts, so it is no category .*--ignore a$/,
    ],
    "classes.csv": [lines(900, (i) => `${i},c${i % 300}`), 2, /300 distinct values, and 256 are/],
    "page.csv": [
      "<!DOCTYPE html><html></html>",
      1,
      /it is an HTML page; download the file itself$/,
    ],
    "pointer.csv": [
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
      1,
      /it is a Git LFS pointer, and not the file itself; run "git lfs pull"$/,
    ],
    "zip.csv": [zipSync({ "a.csv": strToU8("a,y\n") }), 1, /it is a zip; unpack it/],
    "sheet.csv": [
      zipSync({ "[Content_Types].xml": strToU8("<x/>") }),
      1,
      /it is an Office document; save the sheet as CSV, and give that$/,
    ],
    "old.xls": [
      bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1),
      1,
      /it is an Office document \(\.xls, \.doc\); save the sheet as CSV/,
    ],
    "sheet.ods": [zipSync({ mimetype: strToU8("x") }), 1, /it is an OpenDocument file; save the/],
    "arrays.csv": [zipSync({ "x.npy": strToU8("x") }), 1, /it is a zip of NumPy arrays \(\.npz\)/],
    "table.parquet": [
      bytes(0x50, 0x41, 0x52, 0x31),
      1,
      /it is no Parquet, or damaged/,
    ],
    "image.csv": [
      bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
      1,
      /it is a PNG image; give a CSV/,
    ],
    "list.json": ['[{"a": 1, "y": 2}]', 1, /it is one list of JSON; write an object a line/],
    "broken.jsonl": ['{"a": 1, "y": 2}\n{"a": \n', 1, /line 2 is not JSON/],
    "broken.csv.gz": [Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3), 1, /its gzip is damaged or breaks/],
    "html.csv.gz": [gzipSync(strToU8("<!doctype html><p>")), 1, /it is an HTML page; download/],
    "feather.csv": [
      strToU8("FEA1 and so on"),
      1,
      /it is an Arrow table \(Feather\); write the table/,
    ],
    "titled.csv": [
      "Sales\n\na,y\n1,2\n",
      1,
      /line 3 has 2 cells.*; begin the file with the line of/,
    ],
    "thousands.csv": [
      lines(50, (i) => `"${i + 1},234",${i % 2}`),
      2,
      /column "a": its numbers have thousands separators, such as "1,234"; .*--categories a$/,
    ],
    "dates.csv": [
      lines(50, (i) => `${i},2024-01-${i % 28 + 1}`),
      2,
      /column "y": it holds dates, such as "2024-01-1"; give numbers/,
    ],
    "names.csv": [lines(50, (i) => `${i},n${i}`), 1, /each of its 50 rows has another one/],
    "latin.csv": [
      Uint8Array.from([...strToU8("a,y\n1,"), 0xe9, 10]),
      1,
      /line 2, column 2 \("y"\) is not UTF-8/,
    ],
  };

Deno.test("files that are no table to learn from are refused in a line, by train and by data", async () => {
  await using workplace = await Workplace.create();
  for (const [name, [contents]] of Object.entries(FILES)) {
    await Deno.writeFile(
      workplace.path(`data/${name}`),
      typeof contents === "string" ? strToU8(contents) : contents,
    );
  }
  await forEachCase(Object.entries(FILES), async ([name, [, code, said]]) => {
    const path = `data/${name}`;
    const line = refusalOf(await workplace.weft("train", path, "--target", "y"), code);
    assert.match(line, said, name);
    assert.match(line, /; \S|: \S/, name);
  });
  assert.deepEqual(workplace.contents(), [], "nothing is left behind");
  for (const name of ["page.csv", "ragged.csv", "empty.csv"]) {
    const [, code, said] = FILES[name];
    assert.match(refusalOf(await workplace.weft("data", `data/${name}`), code), said);
  }
});

Deno.test("what is said of a table must fit it", async () => {
  await using workplace = await Workplace.create();
  const write = (name: string, text: string) =>
    Deno.writeTextFile(workplace.path(`data/${name}`), text);
  await write("other.csv", "q,r\n1,2\n");
  await write("part.csv", "sepal_length_cm,species\n1,setosa\n");
  await Deno.symlink("gone.csv", workplace.path("data/link.csv"));
  const iris = table("iris.csv");
  const learn = [iris, "--target", "species"];
  const cases: [args: string[], code: number, said: RegExp][] = [
    [[iris], 2, /without a target: name the column to predict, such as --target species; the/],
    [[iris, "--target", "specis"], 2, /the target "specis": did you mean "species"\?/],
    [[iris.replace("iris", "irs"), "--target", "y"], 1, /no such file; did you mean iris\.csv\?/],
    [[iris.replace(".csv", ""), "--target", "y"], 1, /no such file; did you mean iris\.csv\?/],
    [
      ["data/link.csv", "--target", "y"],
      1,
      /it is a link to a file that is gone; name another one/,
    ],
    [["data", "--target", "y"], 2, /--target without a table: data is a folder/],
    [["--target", "y"], 2, /--target without a table: name a table/],
    [["--resume", "r", "--ignore", "y"], 2, /--ignore without a table/],
    [[...learn, "--data-dir", "data"], 2, /from --data-dir data at once: leave out one/],
    [[...learn, "--test", "data/other.csv"], 1, /test table: it has no column "sepal_length_cm"/],
    [[...learn, "--test", "data/part.csv"], 1, /test table: it has no column "sepal_width_cm"/],
    [[...learn, "--test", "data"], 1, /rows from data: it is a folder; name a file/],
    [[...learn, "--test", "1.5"], 2, /test on 1\.5 of the rows: give a part between 0 and 1/],
    [[...learn, "--test", "0"], 2, /test on 0 of the rows/],
    [[...learn, "--ignore", "sepal"], 2, /the column "sepal" of ignore/],
    [[...learn, "--numbers", "petal_width"], 2, /of numbers: did you mean "petal_width_cm"\?/],
    [[...learn, "--positive", "setosa"], 2, /only binary tasks have one; leave it out/],
    [[...learn, "--task", "binary"], 2, /"species" has 3 distinct values/],
    [[...learn, "--task", "clustering"], 2, /--task "clustering": it must be one of auto, class/],
    [[...learn, "--threshold", "f1"], 2, /threshold = f1: the task classification does not take/],
    [[...learn, "--threshold", "high"], 2, /--threshold "high"/],
    [[...learn, "--impute", "mode"], 2, /--impute "mode": it must be one of median, mean, zero/],
    [[...learn, "--weights", "species"], 2, /"species" for the target and for weights/],
    [[...learn, "--split-by", "flower"], 2, /the groups "flower": the columns are /],
    [[...learn, "--split-last", "2"], 2, /2/],
    [[...learn, "--split-last", "0.2", "--validation", "0.3"], 2, /--validation at once/],
    [[...learn, "--split-last", "0.2", "--folds", "3"], 2, /with --folds at once/],
    [[...learn, "--flip"], 2, /flip rows of 4 float32 features/],
    [[...learn, "--monitor", "rmse"], 2, /monitor = rmse: the task classification has the metrics/],
    [[...learn, "--from", "nobody"], 1, /the model nobody/],
    [[...learn, "--freeze", "9"], 2, /freeze 9: it must be a whole number of layers/],
    [[...learn, "--freeze", "layers.9"], 2, /freeze "layers\.9": did you mean/],
    [[iris, iris, "--target", "species"], 2, /too many arguments/],
  ];
  await forEachCase(cases, async ([args, code, said]) => {
    assert.match(refusalOf(await workplace.weft("train", ...args), code), said, args.join(" "));
  });
  assert.deepEqual(workplace.contents(), [], "nothing is left behind");
});
