import assert from "node:assert/strict";
import { classTable } from "./class_table.ts";
import { displayWidth } from "./display_width.ts";

const bag = { name: "가방", precision: 0.75, recall: 1, f1: 0.857142, support: 6 };
const coat = { name: "Coat", precision: 0.25, recall: 0.5, f1: 0.333333, support: 1200 };

Deno.test("the table has a line a class and their mean, aligned by columns of the terminal", () => {
  assert.equal(
    classTable([bag, coat]),
    [
      "Class  Precision     Recall         F1    Support",
      "-------------------------------------------------",
      "가방      0.7500     1.0000     0.8571          6",
      "Coat      0.2500     0.5000     0.3333      1,200",
      "-------------------------------------------------",
      "Mean      0.5000     0.7500     0.5952      1,206",
    ].join("\n"),
  );
});

Deno.test("what is not known is a dash, and so is its mean", () => {
  const lines = classTable([bag, { ...coat, f1: null }]).split("\n");
  assert.equal(lines[3], "Coat      0.2500     0.5000          -      1,200");
  assert.equal(lines[5], "Mean      0.5000     0.7500          -      1,206");
});

Deno.test("a class that is neither in the labels nor predicted has its line, and does not count in the mean", () => {
  const absent = { name: "Hat", precision: null, recall: null, f1: null, support: 0 };
  const lines = classTable([absent, bag, coat]).split("\n");
  assert.equal(lines[2], "Hat            -          -          -          0");
  assert.equal(lines[6], "Mean      0.5000     0.7500     0.5952      1,206");
});

Deno.test("names of any length and content stay within 80 columns and one line", () => {
  const long = { ...bag, name: "가".repeat(99) };
  const hostile = { ...coat, name: "a\u001b[2Jb\nc" };
  const lines = classTable([long, hostile]).split("\n");
  assert.equal(lines.length, 6);
  assert(lines.every((line) => displayWidth(line) <= 80 && !line.includes("\u001b")));
});
