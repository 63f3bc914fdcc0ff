import assert from "node:assert/strict";
import process from "node:process";
import { CommanderError } from "commander";
import { readOptions, SECTIONS } from "./options.ts";

Deno.test("a benchmark measures everything unless told otherwise", () => {
  assert.deepEqual(readOptions([]), { quick: false, sections: new Set(SECTIONS) });
  const { quick, sections } = readOptions(["--quick", "--only", "gemm, epoch"]);
  assert.deepEqual([quick, [...sections]], [true, ["gemm", "epoch"]]);
});

Deno.test("a benchmark refuses what it does not know in one line", () => {
  const refused: [string[], RegExp][] = [
    [["--only", "gem"], /"gem" is none of limit,gemm,/],
    [["--only", ""], /"" is none of limit,gemm,/],
    [["--quik"], /unknown option '--quik' \(Did you mean --quick\?\)/],
    [["gemm"], /too many arguments/],
  ];
  for (const [args, expected] of refused) {
    const lines: string[] = [];
    const listen = (text: string) => (lines.push(text), true);
    const original = process.stderr.write;
    process.stderr.write = listen as typeof process.stderr.write;
    try {
      assert.throws(() => readOptions(args), CommanderError);
    } finally {
      process.stderr.write = original;
    }
    assert.match(lines.join(""), expected);
    assert.equal(lines.join("").trim().split("\n").length, 1);
  }
});
