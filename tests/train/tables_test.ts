/** Training, evaluating and predicting on tables, as a user of the library does. */
import assert from "node:assert/strict";
import {
  datasetOf,
  type DatasetOptions,
  decodeModel,
  encodeModel,
  evaluate,
  type Model,
  pickRows,
  predict,
  predictProbabilities,
  readCsv,
  splitRows,
  type Table,
  type TableDataset,
  type TrainConfig,
  Trainer,
  type TrainEvent,
  type TrainOptions,
  UsageError,
  WeftError,
} from "../../lib/mod.ts";
import { runTraining } from "./training_run.ts";

const CONFIG: Partial<TrainConfig> = {
  hidden: [16],
  activation: "relu",
  initializer: "he-normal",
  optimizer: "adamw",
  learningRate: 0.01,
  weightDecay: 0.05,
  batchSize: 16,
  epochs: 40,
  dropout: 0,
  freezeOutputBias: false,
  restoreBest: true,
};

async function sample(name: string): Promise<Table> {
  return await readCsv(
    await Deno.readFile(new URL(`../samples/tables/${name}.csv`, import.meta.url)),
  );
}

const dataset = async (name: string, options: DatasetOptions) =>
  datasetOf(await sample(name), options);

/** Three quarters to learn from, and the rest. */
function quarters(data: TableDataset) {
  const { train, validation } = splitRows(data, { fraction: 0.25, seed: 3 });
  return { train: pickRows(data, train), test: pickRows(data, validation) };
}

async function trained(options: TrainOptions): Promise<Model> {
  const { end } = await runTraining({ config: CONFIG, ...options });
  assert.equal(end.status, "completed");
  return end.model!;
}

/** Options of each sample, what the test quarter is to have at least, and the columns that the model takes. */
const SAMPLES: readonly [string, DatasetOptions, string, number][] = [
  ["iris", { target: "species" }, "accuracy", 0.85],
  ["wine", { target: "cultivar" }, "accuracy", 0.95],
  ["passengers", { target: "survived" }, "rocAuc", 0.75],
  ["diabetes", { target: "progression" }, "r2", 0.3],
  ["tags", { target: "tags", separator: "|" }, "microF1", 0.7],
];

for (const [name, options, metric, least] of SAMPLES) {
  Deno.test(`a table is learned from, and its model takes raw rows: ${name}`, async () => {
    const table = await sample(name);
    const data = datasetOf(table, options);
    const parts = quarters(data);
    const { end, start } = await runTraining({ ...parts, config: CONFIG });
    const model = end.model!;
    assert(end.test![metric]! >= least, `${metric} is ${end.test![metric]}`);
    assert.equal(start.trainRows + start.validationRows, parts.train.rows);
    assert.deepEqual(start.preprocessing, model.preprocessing);
    assert.deepEqual(model.preprocessing!.target.names, [options.target].flat());
    // From its file alone, a model gives the same bits.
    const again = decodeModel(encodeModel(model));
    assert.deepEqual(again, model);
    assert.deepEqual(await predict(again, table), await predict(model, table));
    assert.deepEqual((await evaluate(again, parts.test)).metrics, dropLoss(end.test!));
    // Rows one by one, and as objects, too.
    const answers = await predict(model, parts.test.table);
    const objects = objectsOf(parts.test.table, options.target as string);
    assert.deepEqual(await predict(model, objects), answers);
    for (const row of [0, 5]) {
      assert.deepEqual(await predict(model, [objects[row]]), [answers[row]]);
    }
    if (data.targets.task === "regression") return;
    const probabilities = await predictProbabilities(model, parts.test.table);
    assert.deepEqual(probabilities, await predictProbabilities(again, objects));
  });
}

function dropLoss({ loss: _, ...metrics }: Readonly<Record<string, number | null>>) {
  return metrics;
}

/** Rows of a table without its target. */
function objectsOf({ rows, columns }: Table, target: string): Record<string, unknown>[] {
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns.filter(({ name }) => name !== target).map((column) => {
        if (column.kind === "text") return [column.name, column.texts[column.codes[row]]];
        assert(column.kind === "number");
        return [column.name, column.values.at(row)];
      }),
    ));
}

Deno.test("cells of rows that validate or test have no effect on preprocessing, nor on weights", async () => {
  const table = await sample("passengers");
  const data = datasetOf(table, { target: "survived" });
  const split = splitRows(data, { fraction: 0.2, seed: 1 });
  const held = new Set(split.validation);
  const changed: Table = {
    ...table,
    columns: table.columns.map((column) => {
      if (column.kind !== "number") return column;
      const values = Float64Array.from(
        { length: table.rows },
        (_, row) => held.has(row) && column.name === "fare" ? 1e4 + row : column.values.at(row)!,
      );
      return { ...column, values };
    }),
  };
  const config = { ...CONFIG, restoreBest: false, epochs: 3 };
  const models = await Promise.all(
    [data, datasetOf(changed, { target: "survived" })].map((train) =>
      trained({ train, split, config })
    ),
  );
  assert.deepEqual(models[0].preprocessing, models[1].preprocessing);
  assert.deepEqual(models[0].parameters, models[1].parameters);
});

Deno.test("training on a table that is cut into slices ends with the same bits", async () => {
  const data = await dataset("passengers", { target: "survived" });
  const parts = quarters(data);
  const config: Partial<TrainConfig> = { ...CONFIG, epochs: 4, threshold: "f1" };
  const { end: { model } } = await runTraining({ ...parts, config });
  let state: Uint8Array<ArrayBuffer> | null = null;
  let end: TrainEvent | undefined;
  do {
    using trainer: Trainer = await Trainer.create({ ...parts, config, state });
    const slice = await trainer.step({ maxBatches: 7 });
    end = slice.events.find(({ type }) => type === "end") ?? end;
    state = slice.state;
  } while (state);
  assert(end?.type === "end");
  assert.deepEqual(end.model, model);
});

Deno.test("a state is not resumed with another table, target or preprocessing", async () => {
  const table = await sample("passengers");
  const begin = (data: TableDataset, state: Uint8Array<ArrayBuffer> | null) =>
    Trainer.create({
      train: data,
      state,
      dataId: "the same file",
      config: { ...CONFIG, epochs: 2 },
    });
  const data = datasetOf(table, { target: "survived" });
  using trainer = await begin(data, null);
  const { state } = await trainer.step({ maxBatches: 3 });
  const others: [TableDataset, RegExp][] = [
    [datasetOf(table, { target: "survived", positive: "no" }), /data was/],
    [datasetOf(table, { target: "survived", columns: { impute: "zero" } }), /preprocessing was/],
    [
      datasetOf(table, { target: "survived", columns: { ignore: ["fare"] } }),
      /preprocessing was|Cannot continue/,
    ],
    [pickRows(data, Uint32Array.from({ length: data.rows - 1 }, (_, row) => row)), /rows was/],
  ];
  for (const [other, message] of others) {
    await assert.rejects(async () => {
      using resumed = await begin(other, state);
      await resumed.step();
    }, (error: Error) => {
      assert(error instanceof WeftError, error.stack);
      assert.match(error.message, message);
      return true;
    });
  }
});

Deno.test("rows of a class that a model does not know count as errors, and are noted", async () => {
  const data = await dataset("iris", { target: "species" });
  const rows = Array.from({ length: data.rows }, (_, row) => row);
  const known = rows.filter((row) => row < 100);
  const table = pickRows(data, Uint32Array.from(known)).table;
  const model = await trained({
    train: datasetOf(table, { target: "species", task: "classification" }),
  });
  const notes: string[] = [];
  const all = await evaluate(model, data, { onNote: (note) => notes.push(note) });
  const some = await evaluate(model, table);
  assert.deepEqual(notes, [
    'the class "virginica" of 50 rows is none that the model knows: they count as errors',
  ]);
  assert(Math.abs(all.metrics.accuracy! - some.metrics.accuracy! * 100 / 150) < 1e-12);
  assert.equal(all.loss, some.loss);
  // And as a test set.
  const { end, start } = await runTraining({
    train: datasetOf(table, { target: "species", task: "classification" }),
    test: data,
    config: CONFIG,
  });
  assert.equal(end.testAccuracy, all.metrics.accuracy);
  assert.match(start.notes!.join("\n"), /^test rows: the class "virginica" of 50 rows/m);
  // Of yes and no, a third value is neither.
  const binary = await trained({ train: datasetOf(table, { target: "species" }) });
  assert.equal(binary.task, "binary");
  const three = await evaluate(binary, data);
  const two = await evaluate(binary, table);
  assert(Math.abs(three.metrics.accuracy! - two.metrics.accuracy! * 100 / 150) < 1e-12);
  assert.equal(three.metrics.recall, two.metrics.recall);
  const none = pickRows(data, Uint32Array.from(rows.filter((row) => row >= 100)));
  await assert.rejects(evaluate(model, none), /none of its rows has a class that the model knows/);
});

Deno.test("labels that a model does not know count as errors", async () => {
  const train = await readCsv("x,l\n1,a\n2,b\n3,a|b\n4,\n5,a\n6,b\n7,a|b\n8,a\n");
  const model = await trained({
    train: datasetOf(train, { target: "l", separator: "|" }),
    config: { ...CONFIG, validation: 0, patience: 0, restoreBest: false },
  });
  const test = await readCsv("x,l\n1,a\n2,b\n3,a|b\n");
  const more = await readCsv("x,l\n1,a|c\n2,b\n3,a|b|c|d\n");
  const notes: string[] = [];
  const whole = await evaluate(model, test);
  const others = await evaluate(model, more, { onNote: (note) => notes.push(note) });
  assert.equal(notes.length, 2);
  assert.equal(others.loss, whole.loss);
  assert(others.metrics.microF1! < whole.metrics.microF1! || whole.metrics.microF1 === 0);
  assert(others.metrics.subsetAccuracy! <= 1 / 3);
});

Deno.test("a model that begins with another keeps its preprocessing, classes and weights", async () => {
  const data = await dataset("iris", { target: "species" });
  const before = await trained({ train: data });
  const config = {
    optimizer: "adamw",
    learningRate: 1e-3,
    epochs: 2,
    freezeOutputBias: false,
  } as const;
  const rows = Array.from({ length: data.rows }, (_, row) => row);
  // Fewer classes than it knows: its output layer stays.
  const two = datasetOf(pickRows(data, Uint32Array.from(rows.slice(0, 100))).table, {
    target: "species",
    task: "classification",
  });
  const after = await trained({ train: two, from: before, freeze: 1, config });
  assert.deepEqual(after.classNames, before.classNames);
  assert.deepEqual(after.preprocessing!.columns, before.preprocessing!.columns);
  assert.deepEqual(after.architecture, before.architecture);
  assert.deepEqual(after.parameters[0], before.parameters[0]);
  assert.notDeepEqual(after.parameters[1], before.parameters[1]);
  // Other classes: a new output layer.
  const [species] = data.table.columns.filter(({ name }) => name === "species");
  assert(species.kind === "text");
  const texts = [...species.texts.slice(0, 2), "new"];
  const renamed: Table = {
    ...data.table,
    columns: data.table.columns.map((column) =>
      column === species ? { ...species, texts } : column
    ),
  };
  const other = datasetOf(renamed, { target: "species" });
  const begun = await trained({ train: other, from: before, freeze: ["layers.0.weight"], config });
  assert.deepEqual(begun.classNames, ["new", "setosa", "versicolor"]);
  assert.deepEqual(begun.parameters[0].weights, before.parameters[0].weights);
  assert.notDeepEqual(begun.parameters[0].bias, before.parameters[0].bias);
  // One epoch at a rate of next to nothing: what it knew, it knows.
  const still = await trained({
    train: data,
    from: before,
    config: { ...config, learningRate: 1e-12 },
  });
  assert.deepEqual(await predict(still, data.table), await predict(before, data.table));
});

Deno.test("a regression begins with what it predicted, whatever the new rows' mean is", async () => {
  const data = await dataset("diabetes", { target: "progression" });
  const before = await trained({ train: data });
  const high = data.targets as { readonly values: Float32Array };
  const rows = Uint32Array.from(
    Array.from(high.values.keys()).filter((row) => high.values[row] > 150),
  );
  const after = await trained({
    train: pickRows(data, rows),
    from: before,
    config: { optimizer: "sgd", learningRate: 1e-12, epochs: 1, freezeOutputBias: false },
  });
  assert.notDeepEqual(after.targets, before.targets);
  const [a, b] = [await predict(before, data.table), await predict(after, data.table)];
  a.forEach((value, row) => assert(Math.abs(value - b[row]) < 1e-3 * Math.abs(value) + 1e-3));
});

Deno.test("slices of a training that begins with a model and freezes layers end with the same bits", async () => {
  const data = await dataset("iris", { target: "species" });
  const from = await trained({ train: data, config: { ...CONFIG, hidden: [8, 6] } });
  const run = {
    train: data,
    from,
    freeze: ["layers.1"],
    config: { optimizer: "adam", epochs: 3 },
  } as const;
  const { end: { model } } = await runTraining(run);
  let state: Uint8Array<ArrayBuffer> | null = null;
  let end: TrainEvent | undefined;
  do {
    using trainer: Trainer = await Trainer.create({ ...run, state });
    const slice = await trainer.step({ maxBatches: 1 });
    end = slice.events.find(({ type }) => type === "end") ?? end;
    state = slice.state;
  } while (state);
  assert(end?.type === "end");
  assert.deepEqual(end.model, model);
  assert.deepEqual(model!.parameters[1], from.parameters[1]);
});

Deno.test("values that training never saw change nothing that it did not learn", async () => {
  const data = await dataset("passengers", { target: "survived" });
  const model = await trained({ train: data });
  const unknown = { age: 30, fare: 10, sex: "other", port: "Atlantis", cls: 3 };
  const notes: string[] = [];
  const [answer] = await predictProbabilities(model, [unknown], {
    onNote: (note) => notes.push(note),
  });
  assert(answer[1] > 0 && answer[1] < 1);
  assert.equal(notes.length, 2);
  assert.match(notes.join("\n"), /"port" has values in 1 row .*"Atlantis"/);
  const { weights } = model.parameters[0];
  const units = weights.length / 12;
  // The last feature of sex, of port: no weight of theirs was ever drawn.
  let silent = 0;
  for (let i = 0; i < 12; i++) {
    silent += +weights.subarray(i * units, (i + 1) * units).every((w) => w === 0);
  }
  assert.equal(silent, 2);
});

Deno.test("what cannot be done with tables is refused in a line", async () => {
  const table = await sample("iris");
  const data = datasetOf(table, { target: "species" });
  const model = await trained({ train: data, config: { ...CONFIG, epochs: 1 } });
  const small = {
    rows: 2,
    features: Float32Array.of(1, 2),
    shape: [1],
    labels: Uint8Array.of(0, 1),
  };
  const numbers = await trained({ train: small, config: { epochs: 1, validation: 0 } });
  const renamed = await readCsv(
    "sepal_length,sepal_width_cm,petal_length_cm,petal_width_cm,species\n1,2,3,4,setosa",
  );
  const untold = await readCsv(
    "sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n1,2,3,4",
  );
  const run = (options: Partial<TrainOptions>) => () =>
    runTraining({ train: data, config: CONFIG, ...options });
  const refused: [() => Promise<unknown>, RegExp, typeof WeftError][] = [
    [
      run({ train: table as never }),
      /table for train: it does not say what is to be predicted/,
      UsageError,
    ],
    [run({ train: small, test: table }), /table for test: the training rows are none/, UsageError],
    [run({ test: small }), /test rows that are no table/, UsageError],
    [run({ validation: small }), /validation rows that are no table/, UsageError],
    [run({ classNames: ["a", "b", "c"] }), /classNames on a table/, UsageError],
    [
      run({ test: renamed }),
      /^Cannot use the test table: it has no column "sepal_length_cm", .*"sepal_length"\?/,
      WeftError,
    ],
    [run({ test: untold }), /it lacks the target "species": the columns are/, UsageError],
    [run({ from: numbers }), /it was not trained on one/, UsageError],
    [
      run({ from: model, config: { hidden: [3] } }),
      /layers.0.weight is 4 x 16, and the network's is 4 x 3/,
      UsageError,
    ],
    [
      run({ from: model, config: { hidden: [16, 3] } }),
      /it has 2 layers with weights, and the network has 3/,
      UsageError,
    ],
    [run({ from: {} as Model }), /model has no architecture/, UsageError],
    [run({ split: null as never }), /split is null; give/, UsageError],
    [
      run({ split: { train: Uint32Array.of(0, 150), validation: Uint32Array.of(1) } }),
      /row 150 is out of range \(0 to 149\)/,
      WeftError,
    ],
    [run({ freeze: 2 }), /whole number of layers from 0 to 1/, UsageError],
    [run({ freeze: -1 }), /whole number of layers from 0 to 1/, UsageError],
    [run({ freeze: ["layer.0"] }), /did you mean "layers.0"/, UsageError],
    [run({ freeze: ["layers.0", "layers.1"] }), /nothing would be left to train/, UsageError],
    [run({ freeze: "layers.0" as never }), /number of layers, or a list of names/, UsageError],
    [
      run({ freeze: 1, config: { ...CONFIG, batchNorm: true } }),
      /statistics of batch normalization/,
      UsageError,
    ],
    [
      run({ config: { ...CONFIG, threshold: "f1" } }),
      /threshold = f1: the task classification/,
      UsageError,
    ],
    [run({ config: { ...CONFIG, threshold: 1 } }), /a threshold of 1: it must be/, UsageError],
    [() => evaluate(numbers, table), /it was not trained on one/, UsageError],
    [() => evaluate(model, renamed), /no column "sepal_length_cm"/, WeftError],
    [() => predict(numbers, table), /Cannot predict from raw rows/, UsageError],
    [() => predict(numbers, [{ x: 1 }]), /Cannot predict from raw rows/, UsageError],
    [() => predict(model, [{ color: "red" }]), /they have none, but "color"/, WeftError],
    [
      () => predict(model, [{ petal_width_cm: "wide" }]),
      /"wide" in row 1, column "petal_width_cm"/,
      WeftError,
    ],
  ];
  for (const [what, message, kind] of refused) {
    await assert.rejects(what, (error: Error) => {
      assert(error instanceof kind, error.stack);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot [^\n]+$/);
      return true;
    });
  }
  const binary = await dataset("passengers", { target: "survived" });
  await assert.rejects(
    runTraining({
      train: binary,
      config: { ...CONFIG, restoreBest: false, validation: 0, threshold: "recall=0.8" },
    }),
    /threshold by recall=0.8 without validation rows/,
  );
});

Deno.test("a column of weights weighs rows, whatever the task", async () => {
  const lines = Array.from({ length: 40 }, (_, i) => {
    const [x, w] = [(i * 7) % 40, i % 4 === 0 ? 3 : 1];
    return `${x},${w},${"abc"[i % 3]},${x > 20 ? "yes" : "no"},${x / 3 + 0.25},${
      x % 2 ? "p" : "p|q"
    }`;
  });
  const table = await readCsv(["x,w,c,b,r,l", ...lines].join("\n"));
  const targets: DatasetOptions[] = [{ target: "c" }, { target: "b" }, { target: "r" }, {
    target: "l",
    separator: "|",
  }];
  const config = { ...CONFIG, epochs: 2, validation: 0, patience: 0, restoreBest: false };
  for (const options of targets) {
    const ignore = ["c", "b", "r", "l"].filter((name) => name !== options.target);
    const weighted = datasetOf(table, { ...options, weights: "w", columns: { ignore } });
    const plain = datasetOf(table, { ...options, columns: { ignore: [...ignore, "w"] } });
    assert.deepEqual(
      weighted.plan.columns.map(({ kind }) => kind),
      plain.plan.columns.map(({ kind }) => kind),
    );
    const [a, b] = [
      await trained({ train: weighted, config }),
      await trained({ train: plain, config }),
    ];
    assert.deepEqual(a.preprocessing!.columns, b.preprocessing!.columns);
    assert.notDeepEqual(a.parameters, b.parameters);
  }
});

Deno.test("what a model file says of preprocessing is checked, and refused in a line", async () => {
  const data = await dataset("iris", { target: "species" });
  const model = await trained({ train: data, config: { ...CONFIG, epochs: 1 } });
  const preprocessing = model.preprocessing!;
  const [first, ...others] = preprocessing.columns;
  const hostile: [unknown, RegExp][] = [
    [5, /"preprocessing" is "5", not an object/],
    [{}, /its "preprocessing" cannot be used \(it has no columns\)/],
    [{ ...preprocessing, columns: others }, /3 features, and the network takes 4/],
    [{ ...preprocessing, columns: [{ ...first, std: 0 }, ...others] }, /column 0 is neither/],
  ];
  for (const [written, message] of hostile) {
    const bytes = encodeModel({ ...model, preprocessing: written as typeof preprocessing });
    assert.throws(() => decodeModel(bytes, "m.safetensors"), (error: Error) => {
      assert(error instanceof WeftError, error.stack);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot use m.safetensors: [^\n]+$/);
      return true;
    });
  }
});
