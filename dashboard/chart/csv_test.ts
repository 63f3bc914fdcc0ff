import assert from "node:assert/strict";
import { toCsv } from "./csv.ts";

Deno.test("numbers keep every digit, and what is no number is empty", () => {
  assert.equal(
    toCsv([[0.1 + 0.2, -1e-7, NaN, null, undefined]]),
    "0.30000000000000004,-1e-7,,,\r\n",
  );
});

Deno.test("commas, quotes and line breaks are quoted", () => {
  assert.equal(
    toCsv([["a,b", 'say "x"', "two\nlines", "plain"]]),
    '"a,b","say ""x""","two\nlines",plain\r\n',
  );
});

Deno.test("a name that is a formula is made harmless", () => {
  assert.equal(toCsv([['=HYPERLINK("x")', "-1+1", "@a"]]), '"\'=HYPERLINK(""x"")",\'-1+1,\'@a\r\n');
});
