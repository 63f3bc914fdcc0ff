import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../errors.ts";
import { parseSpace, type SpaceOption } from "./space.ts";

function readNumber(text: string): void {
  if (text.trim() === "" || !Number.isFinite(Number(text))) {
    throw new UsageError(`Cannot read --f "${text}": it must be a number, such as --f 1`);
  }
}

const OPTIONS: readonly SpaceOption[] = [
  { name: "learning-rate", isFlag: false, check: readNumber },
  { name: "batch-size", isFlag: false, check: readNumber },
  { name: "hidden", isFlag: false, check: (text) => text.split(",").forEach(readNumber) },
  { name: "nesterov", isFlag: true, check: () => {} },
];

const parse = (space: unknown) =>
  parseSpace(
    typeof space === "string" ? space : JSON.stringify(space),
    "space.json",
    OPTIONS,
    { run: "leave it out" },
  );

Deno.test("a space has fixed values, choices and ranges, in the order of the file", () => {
  const space = parse({
    hidden: [[64], [256, 128], 32],
    "learning-rate": { "log-uniform": [0.01, 1] },
    "batch-size": 128,
    nesterov: [true, false],
  });
  assert.deepEqual(space, [
    { option: "hidden", kind: "choice", values: [[64], [256, 128], 32] },
    { option: "learning-rate", kind: "log-uniform", values: [0.01, 1] },
    { option: "batch-size", kind: "fixed", values: [128] },
    { option: "nesterov", kind: "choice", values: [true, false] },
  ]);
  // One choice is none.
  assert.deepEqual(parse({ hidden: [[64, 32]], "batch-size": [1, 2] })[0], {
    option: "hidden",
    kind: "fixed",
    values: [[64, 32]],
  });
});

Deno.test("a value that means another's is said twice, however it is written", () => {
  const options = [{ name: "learning-rate", isFlag: false, check: Number }];
  const parse = (values: unknown[]) =>
    parseSpace(JSON.stringify({ "learning-rate": values }), "space.json", options);
  for (const [values, twice] of [[[0.1, "1e-1"], '"1e-1"'], [[1, "1.0"], '"1.0"']] as const) {
    assert.throws(() => parse([...values]), new RegExp(`${twice} is there twice`));
  }
  assert.equal(parse([0.1, "0.2"]).length, 1);
});

/** A space that is wrong, and how the line on it continues after "Cannot search ". */
const WRONG: readonly [unknown, RegExp][] = [
  ["", /^in space\.json: it is not JSON.*; write an object such as \{"learning-rate"/],
  ['{\n  "a": 1,\n}', /^in space\.json: it is not JSON \(line 3, column 1\);/],
  ["[]", /^in space\.json: it holds \[\]; write an object/],
  ["3", /^in space\.json: it holds 3; write an object/],
  ["null", /^in space\.json: it holds null; write an object/],
  ['{"hidden":1,"hidden":[2,3]}', /^in space\.json: it says "hidden" twice; write each name once$/],
  ['{"hidden":{"integer":[1,2],"integer":[1,3]}}', /it says "integer" twice/],
  [{}, /^in space\.json: nothing varies; give some option choices or a range/],
  [{ "batch-size": 3, hidden: [5] }, /^in space\.json: nothing varies/],
  [
    { learningRate: 1 },
    /^"learningRate" .*: train has no such option; did you mean "learning-rate"\?/,
  ],
  [{ "--batch-size": 1 }, /did you mean "batch-size"\?$/],
  [{ hiden: 1 }, /^"hiden" in space\.json: .*; did you mean "hidden"\?$/],
  [{ color: 1 }, /^"color" in space\.json: train has no such option$/],
  [{ ["x".repeat(5000)]: 1 }, /^"x{60}" in space\.json: train has no such option$/],
  [{ run: "a" }, /^"run" in space\.json: leave it out$/],
  [{ hidden: [] }, /^"hidden" in space\.json: its list of choices is empty/],
  [{ hidden: [5, 6, "5"] }, /^"hidden" in space\.json: "5" is there twice/],
  [{ hidden: [[5, 6], "5,6"] }, /^"hidden" in space\.json: "5,6" is there twice/],
  [{ hidden: [[]] }, /^"hidden" in space\.json: \[\] is no value of an option/],
  [{ hidden: [[[1]]] }, /\[\[1\]\] is no value of an option/],
  [{ hidden: null }, /null is no value of an option/],
  [{ hidden: [{ uniform: [0, 1] }] }, /\{"uniform":\[0,1\]\} is no value of an option/],
  [{ "batch-size": "many" }, /^"batch-size" .*: "many" cannot be read: it must be a number/],
  [{ "batch-size": [1, "many"] }, /"many" cannot be read: it must be a number/],
  ['{"batch-size": [1, 1e999]}', /null is no value of an option/],
  [{ "batch-size": true }, /true is no value of it; write what the command line would take/],
  [{ nesterov: "yes" }, /"yes" is neither true nor false/],
  [{ nesterov: { uniform: [0, 1] } }, /it is true or false, and has no range/],
  [{ "learning-rate": {} }, /a range has one key, one of uniform, log-uniform, .*, and this has 0/],
  [{ "learning-rate": { uniform: [0, 1], integer: [0, 1] } }, /and this has 2$/],
  [
    { "learning-rate": { loguniform: [1, 2] } },
    /"loguniform" is no kind of range; did you mean "log-uniform"\?; kinds are uniform, log-un/,
  ],
  [{ "learning-rate": { normal: [1, 2] } }, /"normal" is no kind of range; kinds are uniform/],
  [{ "learning-rate": { uniform: 1 } }, /uniform takes the least and the greatest .*, and has 1$/],
  [{ "learning-rate": { uniform: [1] } }, /and has \[1\]$/],
  [{ "learning-rate": { uniform: [1, 2, 3] } }, /and has \[1,2,3\]$/],
  [{ "learning-rate": { uniform: ["1", 2] } }, /and has \["1",2\]$/],
  [{ "learning-rate": { uniform: [2, 1] } }, /goes from the lesser to the greater .* \[2,1\]$/],
  [{ "learning-rate": { uniform: [1, 1] } }, /goes from the lesser to the greater .* \[1,1\]$/],
  [
    { "learning-rate": { uniform: [-1e308, 1e308] } },
    /is too wide to draw from, and has \[-1e\+308/,
  ],
  [{ "learning-rate": { "log-uniform": [0, 1] } }, /needs bounds above 0, .* \[0,1\]$/],
  [{ "batch-size": { "log-integer": [-1, 1] } }, /needs bounds above 0, .* \[-1,1\]$/],
  [{ "batch-size": { integer: [1, 2.5] } }, /needs whole numbers as bounds, .* \[1,2\.5\]$/],
];

Deno.test("what is wrong with a space is said in a line: where, why, the value, what to do", () => {
  for (const [space, expected] of WRONG) {
    assert.throws(() => parse(space), (error) => {
      assert(error instanceof UsageError, String(error));
      assert.match(error.message, /^Cannot search [^\n]{1,400}$/);
      assert.match(error.message.slice("Cannot search ".length), expected);
      return true;
    }, JSON.stringify(space));
  }
});

Deno.test("whatever JSON holds, there is a space or one line that says why not", () => {
  const name = fc.constantFrom(...OPTIONS.map(({ name }) => name), "run", "other", "__proto__");
  fc.assert(
    fc.property(fc.dictionary(name, fc.jsonValue()), (space) => {
      try {
        parse(space);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
        assert.match(error.message, /^[^\n]{1,600}$/);
      }
    }),
    { numRuns: 500 },
  );
});
