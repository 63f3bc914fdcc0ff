import assert from "node:assert/strict";
import { assertNeverBreaks } from "../../../tests/support/mutations.ts";
import { WeftError } from "../../errors.ts";
import { readJsonLines } from "./json_lines.ts";

Deno.test("members are cells, lists are vectors, and what is missing is a hole", async () => {
  const { rows, columns } = await readJsonLines(
    '{"a":1,"e":[0.5,2],"ok":true}\n\n{"e":[3,4],"a":null,"ok":false,"b":" x "}\r\n{"a":2.5,"e":[5,6],"toString":7}',
  );
  assert.equal(rows, 3);
  assert.deepEqual(columns.map(({ name, kind }) => [name, kind]), [
    ["a", "number"],
    ["e", "vector"],
    ["ok", "text"],
    ["b", "text"],
    ["toString", "number"],
  ]);
  const [a, e, ok, b] = columns;
  assert(a.kind === "number" && e.kind === "vector" && ok.kind === "text" && b.kind === "text");
  assert.deepEqual([a.values.at(0), a.values.at(1), a.values.at(2)], [1, NaN, 2.5]);
  assert.deepEqual([e.size, [...e.values]], [2, [0.5, 2, 3, 4, 5, 6]]);
  assert.deepEqual([ok.texts, [...Array.from(ok.codes)]], [["true", "false"], [0, 1, -1]]);
  assert.deepEqual([b.texts, [...Array.from(b.codes)]], [["x"], [-1, 0, -1]]);
});

Deno.test("what is no JSON Lines is refused with its line", async () => {
  for (
    const [text, why] of [
      ["", /it has no line/],
      ['{"a":1}\n{"a":', /line 2 is not JSON: \{"a":/],
      ["[1,2]", /line 1 is \[1,2\], and not an object/],
      ['{"a":{"b":1}}', /line 1 has \{"b":1\} in "a"; a cell is/],
      ['{"a":[1,2]}\n{"a":[1]}', /line 2 has another kind of list in "a"/],
      ['{"a":1}\n{"b":[1]}', /line 2 has a list in "b", which the lines before it lack/],
      ['{"a":[1]}\n{"b":1}', /line 2 lacks "a", a list/],
    ] as const
  ) {
    await assert.rejects(readJsonLines(text, { name: "x.jsonl" }), (error) => {
      assert(error instanceof WeftError);
      assert.match(error.message, why);
      return true;
    });
  }
});

Deno.test("whatever befalls a file, it is a table or a line", async () => {
  const text = '{"a":1,"e":[0.5,2],"ok":true}\n{"a":null,"e":[3,4],"ok":"x"}\n';
  await assertNeverBreaks(
    new TextEncoder().encode(text),
    10_000,
    async (bytes) => void await readJsonLines(bytes),
  );
});
