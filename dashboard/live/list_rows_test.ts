import assert from "node:assert/strict";
import { sampleSummary as run } from "../../tests/samples/summary.ts";
import type { RunGroup, RunSummary } from "../shared/types.ts";
import { allColumns, defaultColumns, valueOf } from "./list_columns.ts";
import { groupValue, type Row, rowsOf, updatedList } from "./list_rows.ts";
import { FIRST_VIEW, type Order } from "./list_view.ts";

const DEFAULTS = { activation: "sigmoid", learningRate: 0.1 };

const GROUPS: Readonly<Record<string, RunGroup>> = {
  s1: { kind: "search", name: "mlp" },
  s2: { kind: "search", name: "mlp" },
  "n-seed-1": { kind: "seeds", name: "n" },
  "n-seed-2": { kind: "seeds", name: "n" },
};

function rows(
  runs: readonly RunSummary[],
  order: Order,
  grouping: string = "family",
  open: readonly string[] = [],
): Row[] {
  const items = runs.map((run) => ({ run, state: run.state, search: "", series: "" }));
  const columns = allColumns(runs, DEFAULTS);
  const groupOf = (name: string) => GROUPS[name] ?? null;
  return rowsOf(items, { order, grouping, open, columns, defaults: DEFAULTS, groupOf });
}

const shown = (all: readonly Row[]) =>
  all.map((row) => row.kind === "group" ? `[${row.title}]` : row.run.name).join(" ");

const accuracy = (value: number) => ({ validation: { loss: 1 - value, accuracy: value } });
const by = (key: string, descending = false) => ({ key, descending });

Deno.test("events change, add and remove runs", () => {
  const list = updatedList([run("a"), run("b")], [
    { type: "summary", summary: run("b", { epochs: 5 }) },
    { type: "summary", summary: run("c") },
    { type: "removed", name: "a" },
  ]);
  assert.deepEqual(list, [run("b", { epochs: 5 }), run("c")]);
});

Deno.test("any column sorts; runs without a value come last, whichever way, and equal ones by name", () => {
  const runs = [
    run("b"),
    run("a", { trainLoss: 2, options: { learningRate: 0.5 } }),
    run("c", { trainLoss: 10, backend: "reference", ...accuracy(0.5) }),
  ];
  assert.equal(shown(rows(runs, by("trainLoss"))), "a c b");
  assert.equal(shown(rows(runs, by("trainLoss", true))), "c a b");
  assert.equal(shown(rows(runs, by("backend"))), "c a b");
  assert.equal(shown(rows(runs, by("option.learningRate", true))), "a b c");
  assert.equal(shown(rows(runs, by("validation.accuracy"))), "c a b");
  assert.equal(shown(rows(runs, by("validation.toString"))), "a b c");
});

Deno.test("searches and series fold into a line each, where it belongs by its value", () => {
  const runs = [
    run("s1", accuracy(0.7)),
    run("s2", accuracy(0.9)),
    run("n-seed-1", accuracy(0.8)),
    run("n-seed-2", accuracy(0.84)),
    run("alone", accuracy(0.86)),
  ];
  const best = by("validation.accuracy", true);
  assert.equal(
    shown(rows(runs, best)),
    "[mlp] alone [n]",
    "the best of a search, the mean of a series",
  );
  assert.equal(shown(rows(runs, best, "family", ["seeds:n"])), "[mlp] alone [n] n-seed-2 n-seed-1");
  assert.equal(shown(rows(runs, best, "none")), "s2 alone n-seed-2 n-seed-1 s1");
  const [, , series] = rows(runs, best);
  assert(series.kind === "group");
  const column = { key: "validation.accuracy", higherIsBetter: true };
  const { value, deviation, count } = groupValue(series, column, DEFAULTS);
  assert.equal(count, 2);
  assert(Math.abs(value as number - 0.82) < 1e-12 && Math.abs(deviation! - 0.0282842712) < 1e-9);
});

Deno.test("runs are put together by any column, those alone stay by themselves", () => {
  const runs = [
    run("a", { options: { activation: "relu" } }),
    run("b", { options: { activation: "relu" } }),
    run("c"),
  ];
  const all = rows(runs, by("name"), "option.activation");
  assert.equal(shown(all), "[activation relu] c");
});

Deno.test("columns are those in which runs differ, and the main metric of each task", () => {
  const rmse = { name: "rmse", label: "RMSE", unit: "target", higherIsBetter: false };
  const runs = [
    run("a", { options: { activation: "relu", seed: 7 } }),
    run("b", { options: { seed: 7 } }),
    run("c", { options: { seed: 7 }, metrics: [rmse] }),
  ];
  const all = allColumns(runs, DEFAULTS);
  assert.deepEqual(defaultColumns(runs, all, DEFAULTS), [
    "startedAt",
    "epochs",
    "validation.loss",
    "validation.accuracy",
    "test.accuracy",
    "validation.rmse",
    "test.rmse",
    "durationMs",
    "option.activation",
  ]);
  assert(all.some(({ key }) => key === "option.seed"), "the chooser has all");
  assert.equal(valueOf(runs[1], "option.activation", DEFAULTS), "sigmoid");
  assert.equal(FIRST_VIEW.columns, null);
});
