import assert from "node:assert/strict";
import fc from "fast-check";
import { type Json, jsonCopy, jsonWith, pathsIn } from "../../../tests/support/json_paths.ts";
import { MAX_COMPARISON_LENGTH, readComparison } from "./comparison.ts";
import { sampleComparison } from "../../../tests/samples/comparison.ts";

/** What is said of the sample with `value` at a path such as "contenders.0.label". */
function problemWith(path: string, value: Json | undefined): string | null {
  return readComparison(jsonWith(sampleComparison, path, value)).problem;
}

Deno.test("what was written is read, from text and from bytes", () => {
  const json = JSON.stringify(sampleComparison);
  for (const file of [json, new TextEncoder().encode(json)]) {
    assert.deepEqual(readComparison(file), { comparison: sampleComparison, problem: null });
  }
});

Deno.test("fields that are not known are left behind, wherever they are", () => {
  const file = jsonCopy(sampleComparison) as {
    contenders: { [key: string]: Json }[];
    [key: string]: Json;
  };
  file.script = "<script>";
  file.contenders[0].color = "red";
  assert.deepEqual(readComparison(JSON.stringify(file)).comparison, sampleComparison);
});

Deno.test("a file that is no comparison is refused with the reason", () => {
  const problem = (file: string) => readComparison(file).problem;
  assert.equal(problem(""), "it is not JSON");
  assert.equal(problem('{"type":"compar'), "it is not JSON");
  assert.equal(problem("[]"), "the comparison must be an object, and is an array");
  assert.equal(problem('{"type":"run"}'), 'type must be "comparison", and is "run"');
  assert.equal(problemWith("schema", 2), "its schema is 2, and 1 is what can be read");
  assert.equal(
    problem(" ".repeat(MAX_COMPARISON_LENGTH + 1)),
    `it is ${MAX_COMPARISON_LENGTH + 1} long; the longest that is read is ${MAX_COMPARISON_LENGTH}`,
  );
});

Deno.test("every field that is missing or of another kind is said by its path", () => {
  const optional = /(^|\.)error$|^config\.|sha256\./;
  for (const path of pathsIn(jsonCopy(sampleComparison))) {
    if (optional.test(path)) continue;
    const name = path.replace(/\.(\d+)/g, "[$1]");
    for (const value of [{ hostile: 1 } as Json, [[1]]]) {
      const problem = problemWith(path, value);
      if (problem === null) {
        // An object may stand for an object, and only those that may be empty.
        assert.match(path, /^(config|dataset\.sha256)$/, path);
      } else assert(problem.startsWith(name.split("[")[0]), `${path}: ${problem}`);
    }
    if (/\.\d+$/.test(path)) continue;
    const missing = problemWith(path, undefined);
    assert(missing?.includes("missing"), `${path}: ${missing}`);
  }
});

Deno.test("numbers and texts that nobody measures or writes are refused", () => {
  assert.equal(problemWith("totalMs", -1), "totalMs is -1, below zero");
  assert.match(problemWith("contenders.0.threads", 1.5)!, /^contenders\[0\]\.threads must be a wh/);
  assert.match(
    problemWith("curves.0.axis", "depth")!,
    /must be one of batch, width, and is "depth/,
  );
  assert.match(problemWith("contenders.0.label", "x".repeat(1001))!, /is 1001 characters long/);
  const points = Array.from({ length: 1001 }, () => 0);
  assert.equal(
    problemWith("curves.0.points", points),
    "curves[0].points has 1001 entries; at most 1000 are read",
  );
});

Deno.test("a number that is beyond float64 was not measured", () => {
  const json = JSON.stringify({ ...sampleComparison, totalMs: 12345 }).replace("12345", "1e999");
  assert.equal(readComparison(json).comparison?.totalMs, null);
});

Deno.test("__proto__ is a key like any other", () => {
  const json = JSON.stringify(sampleComparison).replace('"preset"', '"__proto__"');
  const { comparison } = readComparison(json);
  assert(Object.hasOwn(comparison!.config, "__proto__"));
  assert.equal(Object.getPrototypeOf(comparison!.config), Object.prototype);
});

Deno.test("whatever JSON holds, there is a comparison or one line that says why not", () => {
  const paths = pathsIn(jsonCopy(sampleComparison));
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
      const problem = problemWith(path, value as Json);
      if (problem !== null) assert.match(problem, /^.{1,300}$/);
    }),
    { numRuns: 500 },
  );
});
