import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_LINE_LENGTH, parseRunLog, type RunLog, RunLogParser } from "./reader.ts";
import {
  sampleEnd,
  sampleEpoch,
  sampleFallback,
  sampleResume,
  sampleRun,
} from "../../../tests/samples/records.ts";

const records = [
  sampleRun,
  sampleEpoch(1),
  sampleFallback,
  sampleResume,
  sampleEpoch(2),
  sampleEnd,
];
const wholeText = records.map((record) => `${JSON.stringify(record)}\n`).join("");
const wholeBytes = new TextEncoder().encode(wholeText);
const wholeLog: RunLog = {
  run: sampleRun,
  epochs: [sampleEpoch(1), sampleEpoch(2)],
  fallbacks: [sampleFallback],
  resumes: [sampleResume],
  end: sampleEnd,
  problems: [],
};

const nothing: RunLog = {
  run: null,
  epochs: [],
  fallbacks: [],
  resumes: [],
  end: null,
  problems: [],
};

/** The one problem of a log of one line. */
function problemOf(line: string): string {
  const { problems } = parseRunLog(`${line}\n`);
  assert.equal(problems.length, 1, `one problem in ${line.slice(0, 80)}`);
  assert.equal(problems[0].line, 1);
  return problems[0].message;
}

function epochWith(changes: object): string {
  return JSON.stringify({ ...sampleEpoch(1), ...changes });
}

function endWith(changes: object): string {
  return JSON.stringify({ ...sampleEnd, ...changes });
}

Deno.test("a whole log is read, from text and from bytes", () => {
  assert.deepEqual(parseRunLog(wholeText), wholeLog);
  assert.deepEqual(parseRunLog(wholeBytes), wholeLog);
  assert.deepEqual(parseRunLog(wholeText.replaceAll("\n", "\r\n")), wholeLog);
});

Deno.test("a run that continues has no end, until it ends again", () => {
  const lines = (...records: object[]) =>
    records.map((record) => JSON.stringify(record)).join("\n");
  const interrupted = { ...sampleEnd, status: "interrupted" };
  const log = parseRunLog(lines(sampleRun, interrupted, sampleResume, sampleEpoch(1)) + "\n");
  assert.deepEqual([log.end, log.resumes, log.problems], [null, [sampleResume], []]);
  assert.equal(
    parseRunLog(lines(sampleRun, interrupted, sampleResume, sampleEnd)).end?.status,
    "completed",
  );
});

Deno.test("a log cut at any byte is read up to the cut, without a problem", () => {
  for (let length = 0; length <= wholeBytes.length; length++) {
    const log = parseRunLog(wholeBytes.subarray(0, length));
    assert.deepEqual(log.problems, [], `cut at byte ${length}`);
    // A record counts from its closing brace on, one byte before its line feed.
    let lineEnd = -1;
    const complete = records.filter((record) => {
      lineEnd += new TextEncoder().encode(JSON.stringify(record)).length + 1;
      return length >= lineEnd;
    });
    const found = [log.run, ...log.epochs, ...log.fallbacks, ...log.resumes, log.end];
    const whole = found.filter((record) => record !== null);
    assert.deepEqual(new Set(whole), new Set(complete), `cut at byte ${length}`);
  }
});

Deno.test("pieces that end anywhere, also inside a character, read like the whole", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: wholeBytes.length })), (cuts) => {
      const parser = new RunLogParser();
      const edges = [0, ...cuts.sort((a, b) => a - b), wholeBytes.length];
      for (let i = 1; i < edges.length; i++) {
        parser.push(wholeBytes.subarray(edges[i - 1], edges[i]));
      }
      assert.deepEqual(parser.log, wholeLog);
    }),
    { numRuns: 200 },
  );
});

Deno.test("a half-written line waits for its other half", () => {
  const parser = new RunLogParser();
  parser.push(`${JSON.stringify(sampleRun)}\n{"type":"epo`);
  assert.deepEqual(parser.log, { ...nothing, run: sampleRun });
  parser.push(`${JSON.stringify(sampleEpoch(1)).slice('{"type":"epo'.length)}\n`);
  assert.deepEqual(parser.log.epochs, [sampleEpoch(1)]);
});

Deno.test("a bad line is reported by its number, and the lines around it are read", () => {
  const lines = wholeText.split("\n");
  lines.splice(2, 0, "", "not json", "[1]", '{"type":7}');
  const log = parseRunLog(lines.join("\n"));
  assert.deepEqual({ ...log, problems: [] }, wholeLog);
  assert.deepEqual(log.problems, [
    { line: 4, message: "it is not JSON" },
    { line: 5, message: "the record must be an object, and is an array" },
    { line: 6, message: "type must be a string, and is 7" },
  ]);
});

Deno.test("fields and types of a later version are ignored", () => {
  const log = parseRunLog(
    `${epochWith({ gpuMs: { queue: 1 } })}\n{"type":"evaluation","epoch":1}\n` +
      `${JSON.stringify({ ...sampleRun, config: { ...sampleRun.config, nested: { a: [1] } } })}\n`,
  );
  assert.deepEqual(log, { ...nothing, run: sampleRun, epochs: [sampleEpoch(1)] });
});

Deno.test("a type is no record's by a name that every object has by birth", () => {
  for (const type of ["toString", "constructor", "__proto__", "hasOwnProperty"]) {
    assert.deepEqual(parseRunLog(JSON.stringify({ type, epoch: 1 })), nothing, type);
  }
});

Deno.test("an epoch reads the same with a field that is not known, which takes another way", () => {
  const plain = epochWith({ phasesMs: { forward: 1, update: 0.5 }, validationLoss: null });
  const later = `${plain.slice(0, -1)},"later":1}`;
  assert.deepEqual(parseRunLog(later), parseRunLog(plain));
  const odd = plain.replace('"forward":1', '"forward":"fast","toString":2');
  assert.deepEqual(parseRunLog(odd).epochs[0].phasesMs, { update: 0.5, toString: 2 });
  const swapped = plain.replace('"trainLoss"', '"lossTrain"');
  assert.match(problemOf(swapped), /^trainLoss must be a number or null, and is missing$/);
});

Deno.test("a log of a newer schema is read, and says so", () => {
  const log = parseRunLog(JSON.stringify({ ...sampleRun, schema: 3 }));
  assert.equal(log.run?.schema, 3);
  assert.match(log.problems[0].message, /schema is 3, newer than 2/);
});

Deno.test("schema 2 says the task, its metrics by name, layers and features", () => {
  const metrics = [{ name: "rmse", label: "RMSE", unit: "target", higherIsBetter: false }];
  const run = {
    ...sampleRun,
    schema: 2,
    task: "regression",
    metrics,
    layers: [{ kind: "dense 4", shape: [4] }],
    features: { element: "float32", shape: [10] },
  };
  const { trainAccuracy: _, validationAccuracy: __, ...epoch } = sampleEpoch(1);
  const epochs = [{ ...epoch, train: { rmse: 2.5 }, validation: { rmse: null } }, {
    ...epoch,
    epoch: 2,
    train: { rmse: 1 },
    validation: null,
  }];
  const end = {
    type: "end",
    status: "completed",
    validation: { loss: 0.5, rmse: 3 },
    test: null,
    threshold: 0.4,
    predictions: [{ name: "price", actual: [1, 2], predicted: [1.5, null] }],
    totalMs: 1,
  };
  const log = parseRunLog(
    [run, ...epochs, end].map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  assert.deepEqual(log.problems, []);
  assert.deepEqual(log.run, run);
  const missing = { trainAccuracy: null, validationAccuracy: null };
  assert.deepEqual(log.epochs, epochs.map((epoch) => ({ ...epoch, ...missing })));
  const nothing = { testAccuracy: null, testLoss: null, confusionMatrix: null, perClass: null };
  assert.deepEqual(log.end, { ...end, validationAccuracy: null, ...nothing });
  for (const wrong of [{ metrics: [{}] }, { layers: [{ kind: 1 }] }, { features: { shape: 1 } }]) {
    assert.equal(parseRunLog(JSON.stringify({ ...run, ...wrong })).run, null);
  }
  const uneven = { ...end, predictions: [{ name: "price", actual: [1], predicted: [] }] };
  const lines = [run, uneven].map((line) => `${JSON.stringify(line)}\n`).join("");
  assert.match(
    parseRunLog(lines).problems[0].message,
    /predictions\[0\] has 1 actual values and 0 predicted/,
  );
});

Deno.test("a number that was not finite is null", () => {
  const log = parseRunLog(epochWith({ trainLoss: null }) + "\n");
  assert.equal(log.epochs[0].trainLoss, null);
  assert.equal(
    parseRunLog(epochWith({ trainLoss: 1 }).replace('"trainLoss":1', '"trainLoss":1e999'))
      .epochs[0].trainLoss,
    null,
  );
});

Deno.test("the end of an earlier version says nothing of how it stopped", () => {
  const { stoppedBy: _1, bestEpoch: _2, validationLoss: _3, ...earlier } = sampleEnd;
  assert.deepEqual(parseRunLog(JSON.stringify(earlier)), { ...nothing, end: earlier });
  assert.match(
    problemOf(endWith({ stoppedBy: "boredom" })),
    /^stoppedBy must be one of epochs, pat/,
  );
  assert.match(
    problemOf(endWith({ bestEpoch: -1 })),
    /^bestEpoch must be a whole number from 0 up/,
  );
  assert.match(
    problemOf(endWith({ validationLoss: "low" })),
    /^validationLoss must be a number or/,
  );
  const none = { ...sampleEnd, bestEpoch: null, validationLoss: null };
  assert.deepEqual(parseRunLog(JSON.stringify(none)), { ...nothing, end: none });
});

Deno.test("each field of the wrong type is named", () => {
  assert.match(problemOf(epochWith({ epoch: 0 })), /^epoch is 0/);
  assert.match(problemOf(epochWith({ epoch: 1.5 })), /^epoch must be a whole number .* is 1.5$/);
  assert.match(problemOf(epochWith({ trainLoss: "low" })), /^trainLoss must be .* is "low"$/);
  assert.match(problemOf(epochWith({ epochMs: undefined })), /^epochMs must be .* is missing$/);
  assert.match(problemOf(epochWith({ phasesMs: [1] })), /^phasesMs must be an object/);
  assert.match(problemOf(JSON.stringify({ ...sampleRun, name: 7 })), /^name must be a string/);
  assert.match(problemOf(JSON.stringify({ ...sampleRun, dataset: null })), /^dataset must be/);
  assert.match(problemOf(endWith({ status: "won" })), /^status must be one of .* is "won"$/);
  assert.match(problemOf(endWith({ confusionMatrix: {} })), /^confusionMatrix must be an array/);
  assert.match(problemOf(endWith({ confusionMatrix: [[1, 2]] })), /^confusionMatrix\[0\] has 2/);
  assert.match(problemOf(endWith({ confusionMatrix: [[-1]] })), /^confusionMatrix\[0\]\[0\] must/);
  assert.match(problemOf(endWith({ perClass: [3] })), /^perClass\[0\] must be an object/);
  assert.match(problemOf(endWith({ error: {} })), /^error must be a string/);
});

Deno.test("an epoch that is doubled or out of order, and a second run record, are left out", () => {
  const lines = [sampleRun, sampleEpoch(2), sampleEpoch(2), sampleEpoch(1), sampleRun];
  const log = parseRunLog(lines.map((record) => JSON.stringify(record)).join("\n"));
  assert.deepEqual(log.epochs, [sampleEpoch(2)]);
  assert.deepEqual(log.problems.map((problem) => problem.line), [3, 4, 5]);
});

Deno.test("a key called __proto__ is a key like any other", () => {
  const log = parseRunLog(epochWith({}).replace('"phasesMs":{', '"phasesMs":{"__proto__":5,'));
  const phases = log.epochs[0].phasesMs;
  assert.equal(Object.getPrototypeOf(phases), Object.prototype);
  assert.equal(Object.hasOwn(phases, "__proto__"), true);
});

Deno.test("a huge line is passed over without being kept", () => {
  const parser = new RunLogParser();
  const piece = "x".repeat(MAX_LINE_LENGTH / 4);
  for (let i = 0; i < 20; i++) parser.push(piece);
  parser.push(`\n${JSON.stringify(sampleEpoch(1))}\n`);
  assert.match(
    parser.log.problems[0].message,
    new RegExp(`^it is ${5 * MAX_LINE_LENGTH} characters long`),
  );
  assert.deepEqual(parser.log.epochs, [sampleEpoch(1)]);
});

Deno.test("deep nesting is read over, and none of it is kept", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  assert.match(problemOf(`{"type":${deep}}`), /^type must be a string, and is an array$/);
  const run = JSON.stringify(sampleRun).replace('"config":{', `"config":{"deep":${deep},`);
  assert.deepEqual(parseRunLog(run).run, sampleRun);
});

Deno.test("whatever a file holds, reading it does not throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    parseRunLog(bytes);
  }));
  const type = fc.constantFrom("run", "epoch", "end");
  fc.assert(fc.property(type, fc.object(), (type, fields) => {
    const { problems } = parseRunLog(`${JSON.stringify({ ...fields, type })}\n`);
    assert.equal(problems.length, 1);
  }));
  const fieldChange = fc.tuple(fc.constantFrom(...records), fc.nat(), fc.jsonValue());
  fc.assert(fc.property(fieldChange, ([record, field, value]) => {
    const keys = Object.keys(record);
    parseRunLog(JSON.stringify({ ...record, [keys[field % keys.length]]: value }));
  }));
});

Deno.test("what was taken is not given again, and counts for what comes after it", () => {
  const parser = new RunLogParser();
  parser.push(toLines(sampleRun, sampleEpoch(1), sampleEpoch(2)));
  assert.deepEqual(parser.take().epochs, [sampleEpoch(1), sampleEpoch(2)]);
  parser.push(toLines(sampleRun, sampleEpoch(2), sampleEpoch(3), sampleEnd));
  assert.deepEqual(parser.take(), {
    run: null,
    epochs: [sampleEpoch(3)],
    fallbacks: [],
    resumes: [],
    end: sampleEnd,
    problems: [
      { line: 4, message: "it is a second run record" },
      { line: 5, message: "epoch 2 comes after epoch 2" },
    ],
  });
  assert.deepEqual(parser.take().epochs, []);
});

function toLines(...records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
