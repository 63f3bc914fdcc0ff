import assert from "node:assert/strict";
import { digits, duration, percent, table, WIDTH, wrap } from "./table.ts";

Deno.test("columns are as wide as their widest cell, the first to the left", () => {
  assert.equal(
    table(["what", "time"], [["a", "1 ms"], ["longer", "12.3 ms"]]),
    [
      "what       time",
      "---------------",
      "a          1 ms",
      "longer  12.3 ms",
    ].join("\n"),
  );
});

Deno.test("a table that no terminal has room for is a defect", () => {
  assert.throws(() => table(["a"], [["x".repeat(WIDTH + 1)]]), /is 81 columns wide/);
});

Deno.test("text is cut between words, later lines indented", () => {
  const lines = wrap("word ".repeat(40).trim()).split("\n");
  assert(lines.length === 3 && lines.every((line) => line.length <= WIDTH));
  assert(lines.slice(1).every((line) => /^ {2}word/.test(line)));
  assert.equal(wrap("x".repeat(200)), "x".repeat(200));
});

Deno.test("numbers have three digits and times the unit that suits them", () => {
  assert.deepEqual([0.123, 1.234, 12.34, 123.4].map(digits), ["0.12", "1.23", "12.3", "123"]);
  assert.deepEqual([0.0123, 1.5, 99.94, 1234].map(duration), [
    "12.3 us",
    "1.50 ms",
    "99.9 ms",
    "1.23 s",
  ]);
  assert.equal(percent(0.876), "88 %");
});
