import assert from "node:assert/strict";
import fc from "fast-check";
import Papa from "papaparse";
import { assertNeverBreaks } from "../../../tests/support/mutations.ts";
import { WeftError } from "../../errors.ts";
import { HOLES, type Table } from "../table.ts";
import { CsvReader, readCsv } from "./csv.ts";
import { numberText } from "../table.ts";

/** Cells by column: numbers, texts, and null for holes. */
function cellsOf({ columns, rows }: Table): Record<string, (number | string | null)[]> {
  return Object.fromEntries(columns.map((column) => {
    const cells = Array.from({ length: rows }, (_, row) => {
      if (column.kind === "vector") throw new Error("no vectors in CSV");
      if (column.kind === "text") return column.texts[column.codes[row]] ?? null;
      const value = column.values.at(row)!;
      return Number.isNaN(value) ? null : value;
    });
    return [column.name, cells];
  }));
}

async function cells(text: string | Uint8Array) {
  return cellsOf(await readCsv(text));
}

/** Asserts that a file is refused with a line. */
async function assertRefused(text: string | Uint8Array, why: RegExp): Promise<void> {
  await assert.rejects(readCsv(text, { name: "x.csv" }), (error) => {
    assert(error instanceof WeftError);
    assert.match(error.message, why);
    assert.match(error.message, /^Cannot read x\.csv: [^\n]+$/);
    return true;
  });
}

Deno.test("numbers, texts and holes are told apart by column", async () => {
  assert.deepEqual(await cells("a,b,c\n1,x, 2.50\n-3e2,?,NA\n , y ,\n"), {
    a: [1, -300, null],
    b: ["x", null, "y"],
    c: [2.5, null, null],
  });
});

Deno.test("quotes hold separators, quotes and line ends", async () => {
  assert.deepEqual(await cells('a,"b ""q"""\n"1,5","x\ny"\n "z" ,"""" \n'), {
    a: ["1,5", "z"],
    'b "q"': ["x\ny", '"'],
  });
});

Deno.test("line ends, marks and encodings of every system are read", async () => {
  const expected = { a: [1, 2], b: ["ä", "ü"] };
  for (const end of ["\n", "\r\n", "\r"]) {
    for (const last of [end, ""]) {
      assert.deepEqual(await cells(`a,b${end}1,ä${end}2,ü${last}`), expected);
    }
  }
  assert.deepEqual(await cells("\ufeffa,b\n1,ä\n2,ü"), expected);
  const utf16 = Uint16Array.from("\ufeffa,b\n1,ä\n2,ü", (character) => character.charCodeAt(0));
  assert.deepEqual(await cells(new Uint8Array(utf16.buffer)), expected);
  const swapped = utf16.map((unit) => (unit >> 8) | (unit << 8));
  assert.deepEqual(await cells(new Uint8Array(swapped.buffer)), expected);
});

Deno.test("semicolons, tabs and bars are found by themselves", async () => {
  for (const separator of [";", "\t", "|", ","]) {
    const text = ["a", '"b,;|\t"'].join(separator) + "\n" + ["1", "x"].join(separator);
    assert.deepEqual(await cells(text), { a: [1], "b,;|": ["x"] }, JSON.stringify(separator));
  }
  assert.deepEqual(await cells("only\n1\n\n2\n"), { only: [1, 2] });
});

Deno.test("a line in which Excel names the separator is none of the table", async () => {
  const expected = { "a,b": [1.5, 2], c: ["x", "y"] };
  for (const mark of ["", "\ufeff"]) {
    for (const [separator, end] of [[";", "\r\n"], ["\t", "\n"], ["#", "\r"]]) {
      const rows = [["a,b", "c"], ["1.5", "x"], ["2", "y"]].map((row) => row.join(separator));
      const text = [`${mark}sep=${separator}`, ...rows, ""].join(end);
      assert.deepEqual(await cells(text), expected, JSON.stringify(text));
    }
  }
  await assertRefused("sep=;\na;b\n1\n", /line 3 has 1 cell/);
  assert.deepEqual(await cells("sep=1\n2\n"), { "sep=1": [2] }, "a name");
});

Deno.test("a name that is missing and a header that is missing are given, and said", async () => {
  const named = await readCsv(",b\n1,2\n");
  assert.deepEqual(named.columns.map(({ name }) => name), ["column1", "b"]);
  assert.match(named.notes.join(), /column 1 has no name/);
  const bare = await readCsv("1,2\n3,4\n");
  assert.deepEqual(cellsOf(bare), { column1: [1, 3], column2: [2, 4] });
  assert.match(bare.notes.join(), /first line holds numbers alone/);
});

Deno.test("1 and 1.0 are one value, in a column of text too", async () => {
  assert.deepEqual(await cells("a\n1\n1.0\nx\n01\n"), { a: ["1", "1", "x", "1"] });
  const [column] = (await readCsv("a\n1\n2\nx\n")).columns;
  assert(column.kind === "text");
  assert.deepEqual(column.strayText, { line: 4, text: "x" });
});

Deno.test("columns that are ignored are not kept", async () => {
  const table = await readCsv("a,id,b\n1,x,2\n", { ignore: ["id"] });
  assert.deepEqual(cellsOf(table), { a: [1], b: [2] });
});

Deno.test("what is no CSV is refused with its line", async () => {
  await assertRefused("", /it is empty/);
  await assertRefused("\n\n", /it is empty/);
  await assertRefused("a,b\n", /has no row/);
  await assertRefused("a,b\n1,2\n3\n", /line 3 has 1 cell, and the first line has 2/);
  await assertRefused("A table of\n\na,b\n1,2\n", /line 3 has 2 cells.* 1; begin the file with/);
  await assertRefused('a,b\n"x\ny",2\n3,4,5\n', /line 4 has 3 cells/);
  await assertRefused("a,b,a\n1,2,3\n", /columns 1 and 3 are both called "a"/);
  await assertRefused('a,b\n1,"2\n3,4\n', /line 2, column 2 opens a quote/);
  await assertRefused('a,b\n"1"2,3\n', /line 2, column 1 has text behind a closing quote/);
  await assertRefused("a,b\n1,\0\n", /line 2, column 2 holds a byte 0/);
  await assertRefused(Uint8Array.of(97, 10, 0xe4, 10), /line 2, column 1 \("a"\) is not UTF-8/);
  await assertRefused(Uint8Array.of(0xe4, 10, 49, 10), /name of column 1 is not UTF-8/);
});

Deno.test("what is no text is called by its name, and gzip is unpacked", async () => {
  await assertRefused("<!DOCTYPE html><html>", /it is an HTML page; download the file itself/);
  await assertRefused('{"a": 1}', /it is JSON; give a CSV file/);
  await assertRefused("version https://git-lfs.github.com/spec/v1\noid", /Git LFS pointer/);
  await assertRefused("PK\x03\x04 and so on", /it is a zip/);
  const text = `a,b\n${"1,x\n".repeat(9)}`;
  const packed = new Uint8Array(
    await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")))
      .arrayBuffer(),
  );
  assert.deepEqual(await cells(packed), await cells(text));
  await assertRefused(packed.subarray(0, 30), /its gzip is damaged or breaks off/);
  await assertRefused(Uint8Array.of(...packed, ...packed), /several members; .*gunzip$/);
});

/** Texts with what CSV makes something of. */
const cell = fc.oneof(
  fc.string({
    unit: fc.constantFrom("a", "1", ".", "-", "e", '"', ",", "\n", "\r", " ", "ä"),
    maxLength: 6,
  }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom(...HOLES),
);

const grid = fc.integer({ min: 2, max: 5 }).chain((columns) =>
  fc.array(fc.array(cell, { minLength: columns, maxLength: columns }), {
    minLength: 1,
    maxLength: 8,
  })
);

/** What a cell becomes where its column holds text: trimmed, numbers in one way of writing. */
function asText(text: string): string | null {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, "");
  if (HOLES.has(trimmed)) return null;
  return isNumber(trimmed) ? numberText(Number(trimmed)) : trimmed;
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}

Deno.test("whatever papaparse writes, in whatever pieces it comes, is read back", () => {
  fc.assert(
    fc.property(
      grid,
      fc.constantFrom("\n", "\r\n"),
      fc.integer({ min: 1, max: 40 }),
      (rows, newline, size) => {
        const names = rows[0].map((_, i) => `c${i}`);
        const text = Papa.unparse([names, ...rows], { newline, quotes: true });
        const read = (Papa.parse(text, { newline }).data as string[][]).slice(1);
        const bytes = new TextEncoder().encode(text);
        const reader = new CsvReader();
        for (let at = 0; at < bytes.length; at += size) {
          reader.push(
            bytes.subarray(at, at + size),
          );
        }
        const table = reader.end();
        assert.equal(table.rows, rows.length);
        table.columns.forEach((column, i) => {
          const expected = read.map((row) => asText(row[i]));
          const allNumbers = expected.every((text) => text === null || isNumber(text));
          assert.equal(column.kind, allNumbers ? "number" : "text");
          const found = cellsOf(table)[column.name].map((value) =>
            value === null ? null : String(value)
          );
          assert.deepEqual(found, expected);
        });
      },
    ),
  );
});

Deno.test("whatever befalls a file, it is a table or a line", async () => {
  const text = 'a,"b ""q""",c\n1,"x\ny",3e5\n-2.5,z,?\n"4",ä,6\n';
  await assertNeverBreaks(
    new TextEncoder().encode(text),
    10_000,
    async (bytes) => void await readCsv(bytes),
  );
});
