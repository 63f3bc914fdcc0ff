import assert from "node:assert/strict";
import fc from "fast-check";
import { type Json, jsonCopy, jsonWith, pathsIn } from "../../../tests/support/json_paths.ts";
import { type Inspection, MAX_INSPECTION_BYTES, readInspection } from "./inspection.ts";

/** Six bytes, all zero. */
const IMAGE = "AAAAAAAA";

const inspection: Inspection = {
  type: "inspection",
  schema: 1,
  height: 2,
  width: 3,
  classNames: ["a", "b"],
  mistakes: [{ row: 7, trueClass: 0, predictedClass: 1, probability: 0.9, pixels: IMAGE }],
  mistakeCount: 12,
  units: [{ scale: 0.5, weights: IMAGE }],
  unitCount: 100,
};

/** What is said of the sample with `value` at a path such as "mistakes.0.row". */
function problemWith(path: string, value: Json | undefined): string | null {
  return readInspection(jsonWith(inspection, path, value)).problem;
}

Deno.test("what was written is read, from text and from bytes, and what is not known is left", () => {
  const json = JSON.stringify(inspection);
  for (const file of [json, new TextEncoder().encode(json), `{"script":1,${json.slice(1)}`]) {
    assert.deepEqual(readInspection(file), { inspection, problem: null });
  }
});

Deno.test("a file that is no inspection is refused with the reason", () => {
  assert.equal(readInspection("[]").problem, "the inspection must be an object, and is an array");
  assert.equal(problemWith("type", "run"), 'type must be "inspection", and is "run"');
  assert.equal(problemWith("schema", 2), "its schema is 2, newer than 1");
  assert.equal(
    readInspection(" ".repeat(MAX_INSPECTION_BYTES + 1)).problem,
    `it has ${MAX_INSPECTION_BYTES + 1} bytes; the most that is read is ${MAX_INSPECTION_BYTES}`,
  );
  assert.match(problemWith("mistakes", Array(37).fill(0))!, /^mistakes has 37 entries; at most 36/);
  assert.match(problemWith("units", Array(101).fill(0))!, /^units has 101 entries; at most 100/);
  assert.match(problemWith("classNames", Array(257).fill("a"))!, /^classNames has 257 entries/);
});

Deno.test("classes and images that do not go with the file's own sizes are refused by their paths", () => {
  assert.equal(
    problemWith("mistakes.0.predictedClass", 2),
    "mistakes[0].predictedClass is 2, and there are 2 classes",
  );
  assert.equal(problemWith("width", 4), "mistakes[0].pixels must be 8 bytes in base64");
  assert.equal(
    problemWith("units.0.weights", "AAAAAA<>"),
    "units[0].weights must be 6 bytes in base64",
  );
  assert.equal(
    problemWith("units.0.scale", null),
    "units[0].scale must be a finite number, and is null",
  );
});

Deno.test("a class name is cut where it is longer than any honest one", () => {
  const { inspection: read } = readInspection(
    jsonWith(inspection, "classNames.0", "x".repeat(500)),
  );
  assert.equal(read?.classNames[0].length, 200);
});

Deno.test("whatever JSON holds, there is an inspection or one line that says why not", () => {
  const paths = pathsIn(jsonCopy(inspection));
  fc.assert(fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
    const problem = problemWith(path, value as Json);
    if (problem !== null) assert.match(problem, /^.{1,300}$/);
  }));
});
