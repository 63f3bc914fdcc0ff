/** The predictor for models of tables: raw rows in, in JSON and CSV; its schema; what it refuses. */
import assert from "node:assert/strict";
import { encode } from "../../lib/dataset/preprocessing/encode.ts";
import { featureCount, type Preprocessing } from "../../lib/dataset/preprocessing/preprocessing.ts";
import { makeHandler } from "../../lib/edge/handler.ts";
import { readRawRows } from "../../lib/edge/raw_rows.ts";
import type { Model } from "../../lib/model/model.ts";
import { noisyModel, PAGE, predictorOf } from "./models.ts";

const PREPROCESSING: Preprocessing = {
  columns: [
    { kind: "number", name: "age", impute: 30, indicator: true, mean: 31.5, std: 12.25 },
    { kind: "category", name: "sex", values: ["female", "male"], hole: false },
    { kind: "vector", name: "e", size: 2, mean: null, std: null },
  ],
  ignored: ["id"],
  target: { names: ["survived"] },
};

/** Models of each task, with weights that follow no rule. */
function modelOf(task: Model["task"], outputs: number): Model {
  const width = featureCount(PREPROCESSING);
  const noisy = noisyModel(1, width, [5], outputs, "relu");
  const classNames = task === "binary"
    ? ["no", "yes"]
    : task === "regression"
    ? []
    : noisy.classNames;
  const targets = { names: ["price"], mean: [10], std: [3], huber: 0 };
  return {
    ...noisy,
    task,
    classNames,
    inputScale: 1,
    input: { element: "float32", shape: [width] },
    preprocessing: PREPROCESSING,
    ...task === "regression" ? { targets } : {},
    ...task === "binary" ? { threshold: 0.4 } : {},
  };
}

const predictor = await predictorOf(modelOf("binary", 1));
const handler = makeHandler(predictor, PAGE, undefined, [], readRawRows);

function post(body: string, type = "application/json"): Promise<Response> {
  const headers = { "content-type": type };
  return handler(new Request("http://edge/predict", { method: "POST", headers, body }));
}

const ROWS = [
  { age: 31, sex: "female", e: [0.5, -1] },
  { age: null, sex: "male", e: [1, 2] },
];

Deno.test("rows are encoded as the library encodes them, and answers have its bits", async () => {
  const answer = await (await post(JSON.stringify({ rows: ROWS }))).json();
  const own = predictor.predict(encode(PREPROCESSING, ROWS).values);
  assert.deepEqual(
    answer.predictions,
    Array.from(own, (probability) => ({
      predicted: probability >= 0.4 ? "yes" : "no",
      probability,
      threshold: 0.4,
    })),
  );
  assert.equal(answer.notes, undefined);
  const [first] = answer.predictions;
  assert.deepEqual(await (await post(JSON.stringify({ rows: ROWS[0] }))).json(), first);
});

Deno.test("what is missing or unknown is imputed and noted, what is to be predicted is ignored", async () => {
  const rows = [{ sex: "femal", e: [0, 0], survived: "yes", id: 7 }, { age: "31", e: [0, 0] }];
  const { predictions, notes } = await (await post(JSON.stringify({ rows }))).json();
  assert.equal(predictions.length, 2);
  assert.equal(notes.length, 1);
  assert.match(notes[0], /^column "sex" has values in 1 row .* "femal"; did you mean "female"\?$/);
  const csv = await (await post("sex,age\r\nmale,31\r\nfemale,\r\n", "text/csv; charset=utf-8"))
    .json();
  assert.equal(csv.predictions.length, 2);
  assert.deepEqual(csv.notes, ['column "e" is missing: its values are imputed']);
});

Deno.test("other tasks answer by name", async () => {
  const body = JSON.stringify({ rows: ROWS[0] });
  const request = () =>
    new Request("http://edge/predict", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  for (
    const [task, outputs, names] of [
      ["regression", 1, ["predictions"]],
      ["multi-label", 3, ["labels", "probabilities"]],
      ["classification", 3, ["predicted", "probabilities"]],
    ] as const
  ) {
    const own = await predictorOf(modelOf(task, outputs));
    const answer = await (await makeHandler(own, PAGE, undefined, [], readRawRows)(request()))
      .json();
    assert.deepEqual(Object.keys(answer).sort(), [...names]);
  }
});

Deno.test("bad rows are refused in one line", async () => {
  const cases: [status: number, body: string, message: RegExp, type?: string][] = [
    [400, `{"rows": []}`, /"rows" has no row/],
    [400, `{"rows": [1]}`, /row 0 is 1, not an object; send \{"rows": \[\{"age": /],
    [400, `{"rows": [[1]]}`, /row 0 is an array/],
    [400, `{"inputs": [[1]]}`, /it has no array "rows"/],
    [400, `[{"age": 1}]`, /it has no array "rows"/],
    [400, `{"rows": [{"agee": 1, "sex": "male"}]}`, /column "agee".*send "age", if that is meant/],
    [400, `{"rows": [{"nothing": 1}]}`, /Cannot use these rows: of the columns /],
    [400, `{"rows": [{"age": "old"}]}`, /"old" in row 1, column "age"/],
    [400, `{"rows": [{"age": 1e999}]}`, /row 1, column "age"/],
    [400, `{"rows": [{"age": true}]}`, /row 1, column "age"/],
    [400, `{"rows": [{"age": 1, "e": [1]}]}`, /column "e"/],
    [400, `{"rows": [{"age": 1, "__proto__": {}, "toString": 1}]}`, /column "/],
    [400, "age,sex\n1\n", /Cannot read the body: line 2 has 1 cell/, "text/csv"],
    [400, "", /Cannot read the body: it is empty/, "text/csv"],
    [400, "\x1f\x8bxx", /Cannot read the body/, "text/csv"],
    [413, `{"rows": [${Array(257).fill("{}")}]}`, /257 rows at once/],
    [413, `age\n${"1\n".repeat(257)}`, /257 rows at once/, "text/csv"],
    [415, "x", /send application\/json or text\/csv/, "image/png"],
  ];
  for (const [status, body, message, type] of cases) {
    const response = await post(body, type);
    const { error } = await response.json();
    assert.equal(response.status, status, `${body.slice(0, 40)}: ${error}`);
    assert.match(error, message);
    assert.match(error, /^Cannot [^\n]+$/);
    assert(error.length < 300, error);
  }
});

Deno.test("GET /schema says what a row is", async () => {
  const response = await handler(new Request("http://edge/schema"));
  assert.equal(response.headers.get("content-type"), "application/schema+json");
  const { properties: { rows: { anyOf: [row, list] } } } = await response.json();
  assert.deepEqual(Object.keys(row.properties), ["age", "sex", "e"]);
  assert.equal(row.properties.age.default, 30);
  assert.deepEqual(row.properties.sex.examples, ["female", "male"]);
  assert.deepEqual([row.properties.e.minItems, row.properties.e.maxItems], [2, 2]);
  assert.deepEqual([row.additionalProperties, list.maxItems], [false, 256]);
  const images = makeHandler(await predictorOf(noisyModel(2, 3, [4], 2)), PAGE);
  const schema = await (await images(new Request("http://edge/schema"))).json();
  assert.equal(schema.properties.pixels.anyOf[0].minItems, 6);
});
