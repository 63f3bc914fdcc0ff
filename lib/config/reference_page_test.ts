import assert from "node:assert/strict";
import { OPTION_LIST } from "./options.ts";
import { referencePage } from "./reference_page.ts";

Deno.test("docs/reference/options.md is what the table says", () => {
  const page = Deno.readTextFileSync(new URL("../../docs/reference/options.md", import.meta.url));
  assert.equal(page, referencePage(), 'run "deno task docs" to write it anew');
});

Deno.test("the reference has every option once, in lines of four cells", () => {
  const lines = referencePage().split("\n").filter((line) => line.startsWith("| `"));
  assert.equal(lines.length, OPTION_LIST.length);
  for (const { name } of OPTION_LIST) {
    assert.equal(lines.filter((line) => line.split(" | ")[0].includes(`\`${name}\``)).length, 1);
  }
  for (const line of lines) assert.equal(line.split(/(?<!\\)\|/).length, 6, line);
});
