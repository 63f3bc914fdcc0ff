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

Deno.test("where a terminal has no room, the widest cells are cut, and the cut is seen", () => {
  const lines = table(["what", "time"], [["x".repeat(WIDTH), "1.23 ms"], ["short", "2 s"]])
    .split("\n");
  assert.deepEqual(lines, [
    `what${" ".repeat(72)}time`,
    "-".repeat(WIDTH),
    `${"x".repeat(70)}…  1.23 ms`,
    `short${" ".repeat(72)}2 s`,
  ]);
  const many = Array.from({ length: 20 }, () => "y".repeat(9));
  for (const line of table(many, [many]).split("\n")) assert(line.length <= WIDTH, line);
});

Deno.test("columns are counted as the terminal does", () => {
  const lines = table(["name", "n"], [["티셔츠", "1"], ["bag", "2"]]).split("\n");
  assert.deepEqual(lines, ["name    n", "---------", "티셔츠  1", "bag     2"]);
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
