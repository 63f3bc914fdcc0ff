/** What is written as CSV is read back as it was, whatever is in it. */

import assert from "node:assert/strict";
import fc from "fast-check";
import papaparse from "papaparse";
import { csvLine } from "./csv_line.ts";

Deno.test("cells come back as they were, by another reader", () => {
  const cell = fc.oneof(
    fc.string(),
    fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", " ", "\t", ";", "a", "é") }),
  );
  const rows = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 })
  );
  fc.assert(
    fc.property(rows, (rows) => {
      const text = rows.map(csvLine).join("");
      const { data } = papaparse.parse(text.slice(0, -1), { delimiter: ",", newline: "\n" });
      assert.deepEqual(data, rows);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("numbers are written in full, and a row of one empty cell is no empty line", () => {
  assert.equal(csvLine(["a b", 0.1 + 0.2, -0, 1e21]), "a b,0.30000000000000004,-0,1e+21\n");
  assert.equal(csvLine([""]), '""\n');
  assert.equal(csvLine(["", ""]), ",\n");
});
