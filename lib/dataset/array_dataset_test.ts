import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError, WeftError } from "../errors.ts";
import { arrayDataset, arrayTable } from "./array_dataset.ts";
import type { ArrayTarget } from "./array_target.ts";
import type { DType, NdArray, NdValues } from "./formats/element_types.ts";
import { datasetOf } from "./table_dataset.ts";

const array = (shape: number[], values: NdValues, dtype?: DType): NdArray => ({
  shape,
  values,
  ...dtype ? { dtype } : {},
});
const floats = (rows: number) => array([rows, 1], Float32Array.from({ length: rows }, (_, i) => i));
const of = (target: ArrayTarget, inputs = floats(4)) => arrayDataset({ inputs, target });
const labelsOf = ({ targets }: ReturnType<typeof arrayDataset>) =>
  targets.task === "regression" ? null : [...targets.labels];

Deno.test("features keep their type and shape", () => {
  const target = ["a", "b"];
  const shapeOf = (inputs: NdArray) => {
    const { rows, features, shape } = arrayDataset({ inputs, target });
    return [rows, features.constructor.name, shape, [...features]];
  };
  const six = [0, 1, 2, 3, 4, 255];
  assert.deepEqual(shapeOf(array([2], Float64Array.of(1.5, 2))), [2, "Float32Array", [1], [
    1.5,
    2,
  ]]);
  assert.deepEqual(shapeOf(array([2, 3], Uint8Array.from(six))), [2, "Uint8Array", [3], six]);
  assert.deepEqual(shapeOf(array([2, 3], Int16Array.from(six))), [2, "Float32Array", [3], six]);
  // Images whose bytes were saved as other whole numbers are images.
  const images = array([2, 1, 3], Float64Array.from(six), "int64");
  assert.deepEqual(shapeOf(images), [2, "Uint8Array", [1, 3], six]);
  const color = array([2, 1, 1, 3], Int32Array.from(six));
  assert.deepEqual(shapeOf(color), [2, "Uint8Array", [1, 1, 3], six]);
  const bits = array([2, 1, 3], Uint8Array.of(0, 1, 1, 0, 0, 1), "bool");
  assert.deepEqual(shapeOf(bits), [2, "Float32Array", [1, 3], [0, 1, 1, 0, 0, 1]]);
  assert.deepEqual(shapeOf(array([2, 1, 1], Int32Array.of(0, 1)))[1], "Float32Array");
  assert.deepEqual(shapeOf(array([2, 1, 1], Int32Array.of(-1, 9)))[1], "Float32Array");
});

Deno.test("classes are numbers by value or texts by code unit, of any type", () => {
  const whole = array([4], Float64Array.of(10, 9, 10, 100), "int64");
  assert.deepEqual([labelsOf(of(whole)), of(whole).classNames], [[1, 0, 1, 2], ["9", "10", "100"]]);
  const texts = { shape: [4, 1], values: ["b", "a", "B", "b"], dtype: "text" } as const;
  assert.deepEqual([labelsOf(of(texts)), of(texts).classNames], [[2, 1, 0, 2], ["B", "a", "b"]]);
  const list = of([3n, 1, 2, 1]);
  assert.deepEqual([labelsOf(list), list.classNames, list.classCounts], [
    [2, 0, 1, 0],
    ["1", "2", "3"],
    [2, 1, 1],
  ]);
  const bools = of(array([4], Uint8Array.of(1, 0, 1, 1), "bool"));
  assert.deepEqual([bools.targets.task, bools.classNames], ["binary", ["false", "true"]]);
  assert.deepEqual(labelsOf(bools), [1, 0, 1, 1]);
});

Deno.test("the task follows from the target, as it does for tables", () => {
  const many = Array.from({ length: 30 }, (_, i) => i);
  const inputs = floats(30);
  const taskOf = (target: ArrayTarget, more = {}) =>
    arrayDataset({ inputs, target, ...more }).targets.task;
  assert.equal(taskOf(many), "regression");
  assert.equal(taskOf(array([30], Int32Array.from(many), "int32")), "classification");
  assert.equal(taskOf(array([30], Int32Array.from(many, (it) => 2 * it), "int32")), "regression");
  assert.equal(taskOf(array([30], Float32Array.from(many, (it) => it + 0.5))), "regression");
  assert.equal(taskOf(array([30], Float32Array.from(many, (it) => it % 3))), "classification");
  assert.equal(taskOf(many, { task: "classification" }), "classification");
  const two = array([15, 2], Uint8Array.from(many, (it) => it % 2 || it % 3 ? 1 : 0));
  assert.equal(arrayDataset({ inputs: floats(15), target: two }).targets.task, "multi-label");
  const pairs = arrayDataset({
    inputs: floats(15),
    target: array([15, 2], Float64Array.from(many)),
  });
  assert.deepEqual([pairs.targets.task, pairs.classNames], ["regression", undefined]);
  // Of images, two classes are classes.
  const images = array([4, 1, 2], Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  assert.equal(of([0, 1, 1, 0], images).targets.task, "classification");
  assert.equal(of([0, 1, 1, 0]).targets.task, "binary");
});

Deno.test("test rows have the classes of the training rows, others count as errors", () => {
  const like = of(["b", "a", "c", "a"]);
  const test = arrayDataset({ inputs: floats(3), target: ["c", "x", "a"], like });
  assert.deepEqual(test.targets, {
    task: "classification",
    labels: Uint8Array.of(2, 3, 0),
    known: 3,
  });
  assert.deepEqual(test.notes, ['the class "x" is not trained on: its 1 row counts as an error']);
  const numbers = of(array([4], Float32Array.of(0.5, 1, 2, 3)));
  const held = arrayDataset({ inputs: floats(2), target: [7, 8], like: numbers });
  assert.deepEqual(held.targets, {
    task: "regression",
    values: Float32Array.of(7, 8),
    names: ["target"],
  });
  const bits = of(array([4, 2], Uint8Array.of(0, 1, 1, 1, 0, 0, 1, 0)));
  const both = array([2, 2], Uint8Array.of(1, 1, 0, 1));
  const tested = arrayDataset({ inputs: floats(2), target: both, like: bits });
  assert.deepEqual(labelsOf(tested), [1, 1, 0, 1]);
  const more = { ...both, shape: [1, 4] };
  for (
    const [test, why] of [
      [
        { target: ["x", "y", "z"], like },
        /no row to test with has a class that is trained on \(a, b, c\)/,
      ],
      [
        { target: more, inputs: floats(1), like: bits },
        /have 4 targets each, and rows to train on 2;/,
      ],
      [
        { target: ["a"], inputs: array([1, 2], new Float32Array(2)), like },
        /are 2 float32 features, and/,
      ],
    ] as const
  ) assert.throws(() => arrayDataset({ inputs: floats(3), ...test }), why);
});

Deno.test("arrays that do not go together are refused in one line", () => {
  const inputs = floats(4);
  const cases: readonly [object, RegExp][] = [
    [
      { inputs, target: [1, 2] },
      /the inputs have 4 rows, and target has 2; give arrays that belong/,
    ],
    [{ inputs, target: array([2, 2, 1], new Float32Array(4)) }, /target has the shape 2 x 2 x 1;/],
    [{ inputs, target: array([], new Float32Array(1)) }, /target has the shape of one number;/],
    [{ inputs, target: array([4], Float32Array.of(1, NaN, 2, 3)) }, /target is NaN in row 1;/],
    [{ inputs, target: ["a", "b", null, "a"] }, /target\[2\] is null; give a text or a number$/],
    [{ inputs, target: ["a", "b", "", "a"] }, /target has no class in row 2 \(""\);/],
    [{ inputs, target: "y" }, /target is the text "y"; give an array/],
    [{ inputs }, /target is missing; give an array/],
    [{ inputs, target: [1, 1, 1, 1] }, /Cannot learn "target": it is "1" in all 4 rows/],
    [
      { inputs: [1, 2], target: [1, 2] },
      /inputs is an array; give an array, as readNpy returns it/,
    ],
    [
      { inputs: array([4, 2], new Float32Array(4)), target: [] },
      /has 4 values for the shape 4 x 2/,
    ],
    [{ inputs: array([0, 2], new Float32Array(0)), target: [] }, /the shape 0 x 2, so it is empty/],
    [
      { inputs: array([1, 1, 1, 1, 1], new Float32Array(1)), target: [1] },
      /shape 1 x 1 x 1 x 1 x 1; give/,
    ],
    [{ inputs: array([2, 3, 2, 8], new Uint8Array(96)), target: [1, 2] }, /numpy\.moveaxis/],
    [
      { inputs: array([2, 2], Float64Array.of(1, 2, 1e300, 4)), target: [1, 2] },
      /1e\+300 in row 1, number 0/,
    ],
    [
      { inputs: array([2], Float32Array.of(1, NaN)), target: [1, 2] },
      /has NaN in row 1, number 0;/,
    ],
  ];
  for (const [options, why] of cases) {
    assert.throws(() => arrayDataset(options as never), (error) => {
      assert(error instanceof WeftError, String(error));
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
  const names = { inputs: "x_train", target: "y_train" };
  assert.throws(
    () => arrayDataset({ inputs, target: [1], names }),
    new UsageError(
      "Cannot use these arrays: the inputs have 4 rows, and y_train has 1; give arrays that belong together",
    ),
  );
});

Deno.test("every class has its label back, whatever the classes are", () => {
  const values = fc.oneof(
    fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 }),
    fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 2, maxLength: 20 }),
  );
  fc.assert(fc.property(values, (target: (string | number)[]) => {
    fc.pre(new Set(target).size > 1);
    const { targets, classNames } = arrayDataset({
      inputs: floats(target.length),
      target,
      task: "classification",
    });
    assert(targets.task === "classification");
    assert.deepEqual([...targets.labels].map((label) => classNames![label]), target.map(String));
  }));
});

Deno.test("arrays as a table become a data set that standardizes them", () => {
  const inputs = array([4, 2], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  const names = { inputs: "x_train", target: "y_train" };
  const table = arrayTable({ inputs, target: ["a", "b", "a", "b"], names });
  const { classNames, plan } = datasetOf(table, { target: "y_train" });
  assert.deepEqual(classNames.toSorted(), ["a", "b"]);
  assert.deepEqual(plan.columns.map(({ name, role, size }) => [name, role, size]), [
    ["x_train", "input", 2],
    ["y_train", "target", undefined],
  ]);
  assert.equal(arrayTable({ inputs }).columns.length, 1);
  const images = array([1, 1, 2], new Float32Array(2));
  assert.throws(() => arrayTable({ inputs: images }), /the shape 1 x 1 x 2; give rows x features$/);
});
