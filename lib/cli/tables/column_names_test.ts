/** Lists of columns as people type them. */

import assert from "node:assert/strict";
import { columnNames, possibleNames } from "./column_names.ts";

Deno.test("commas stand between names, unless a column has one in its name", () => {
  const columns = ["a", "b", "price, net"];
  assert.deepEqual(columnNames(["a, b"], columns), ["a", "b"]);
  assert.deepEqual(columnNames(["price, net", "a"], columns), ["price, net", "a"]);
  assert.deepEqual(columnNames(["a,c,,a"], columns), ["a", "c"], "who looks for c says so");
  assert.deepEqual(columnNames(undefined, columns), []);
  assert.deepEqual(possibleNames(["price, net"]), ["price, net", "price", "net"]);
});
