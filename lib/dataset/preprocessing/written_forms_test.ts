import assert from "node:assert/strict";
import { datasetOf } from "../table_dataset.ts";
import { readCsv } from "../formats/csv.ts";
import { areDates } from "./written_forms.ts";

const ROWS = 60;

/** Sixty rows of a column `a` as it is written, and of a target. */
async function tableOf(cell: (row: number) => string, isTarget = false) {
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const text = `"${cell(row)}"`;
    return isTarget ? `${row},${text}` : `${text},${row % 2}`;
  });
  return await readCsv(["a,y", ...rows, ""].join("\n"));
}

async function refusals(cell: (row: number) => string): Promise<string[]> {
  return await Promise.all([false, true].map(async (isTarget) => {
    const table = await tableOf(cell, isTarget);
    try {
      datasetOf(table, { target: "y" });
    } catch (error) {
      return (error as Error).message;
    }
    return "taken";
  }));
}

Deno.test("numbers as people write them are refused by what they have, as inputs and as targets", async () => {
  const forms: [cell: (row: number) => string, what: string][] = [
    [(row) => `${row},5`, 'decimal commas, such as "0,5"; write points'],
    [(row) => `0,${100 + row}`, 'decimal commas, such as "0,100"; write points'],
    [(row) => `${row + 1},234`, 'thousands separators, such as "1,234"; write numbers such as'],
    [(row) => `${row + 1},234.5`, 'thousands separators, such as "1,234.5"'],
    [(row) => `${row + 1}.234,5`, 'thousands separators, such as "1.234,5"'],
    [
      (row) => `${row % 2 ? row : `-${row + 1}'234'567`}`,
      `thousands separators, such as "-1'234'567"`,
    ],
    [(row) => `${row + 1}\u202f234`, 'thousands separators, such as "1\u202f234"'],
    [(row) => `${row + 1} 234,25`, 'thousands separators, such as "1 234,25"'],
    [(row) => row % 3 ? `${row},5` : `${row + 1}.234,5`, "thousands separators"],
    [(row) => row < 40 ? `${row}` : `${row}e307`, '"40e307" in line 42 among numbers'],
  ];
  for (const [cell, what] of forms) {
    for (const said of await refusals(cell)) {
      assert(said.includes(what), `${cell(0)}: ${said}`);
      assert.match(said, /^Cannot (learn from|predict) column "[ay]": [^\n]+$/);
    }
  }
});

Deno.test("codes and amounts that are no such numbers stay categories", async () => {
  for (const cell of ["12,34,56", "1,23", "8 GB", "1'2", "01,234", "1.2.3", "1,2345"]) {
    const table = await tableOf((row) => row % 2 ? cell : "other");
    const { plan } = datasetOf(table, { target: "y" });
    assert.equal(plan.columns[0].kind, "category", cell);
  }
});

Deno.test("dates are told from other texts", () => {
  for (
    const date of [
      "2024-01-31",
      "2024/1/3",
      "31.12.2024",
      "1/31/24",
      "2024-01-31T12:30",
      "2024-01-31 12:30:59.5+02:00",
      "2024-01-31T12:30:59Z",
      "12:30",
      "1/31/2024 9:05 PM",
    ]
  ) assert(areDates([date, "2020-02-29"]), date);
  for (const text of ["2024-01/31", "1-2", "A12-03-04", "12.5", "2024", "192.168.0.1", "3:1:2:1"]) {
    assert(!areDates([text]), text);
  }
  assert(!areDates([]));
});

Deno.test("a column of dates is said to be one, and no target without a word", async () => {
  const day = (row: number) => `2024-01-${String(row % 30 + 1).padStart(2, "0")}`;
  const { notes } = datasetOf(await tableOf(day), { target: "y" });
  assert(
    notes.some((note) => /column "a" holds dates.*leave it out$/.test(note)),
    notes.join("\n"),
  );
  const target = await tableOf(day, true);
  assert.throws(() => datasetOf(target, { target: "y" }), {
    message: /"y": it holds dates, such as "2024-01-01"; give numbers, .*the task classification$/,
  });
  assert.equal(datasetOf(target, { target: "y", task: "classification" }).classNames.length, 30);
});

Deno.test("classes of one row each, and numbers that float32 does not tell apart, are no targets", async () => {
  const learn = (cell: (row: number) => string) => async () =>
    datasetOf(await tableOf(cell, true), { target: "y" });
  await assert.rejects(
    learn((row) => `c${row}`),
    /each of its 60 rows has another one \(a date, an/,
  );
  await assert.rejects(
    learn((row) => String(1.7e9 + row / 2)),
    /does not tell its values from 1700000000;/,
  );
  await assert.rejects(learn((row) => `${row}.5e-60`), /does not tell its values from 0;/);
});
