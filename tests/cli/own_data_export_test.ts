/** What weights of 8 bits cost a model is measured on whatever data it takes. */

import assert from "node:assert/strict";
import { refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { embeddings, sensor, writeColorFolder } from "../support/own_data.ts";
import { table } from "./table_files.ts";

Deno.test("export --quantize says what it costs on a table, arrays, images and windows", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("emb.npz"), embeddings());
  await Deno.writeTextFile(workplace.path("s.csv"), sensor(600));
  await writeColorFolder(workplace.path("pics"), 8, 8);
  const windows = ["--target", "activity", "--ignore", "session", "--window", "10"];
  const arrays = (part: string) => ["--inputs", `x_${part}`, "--target", `y_${part}`];
  const cases: [data: string, train: string[], evaluate: string[], cost: RegExp][] = [
    ["emb.npz", arrays("train"), arrays("test"), /^test set of emb\.npz: accuracy .* of 80\), in/m],
    ["pics", [], [], /^test set of pics: accuracy .* of 12\), in float32/m],
    ["s.csv", windows, [], /^test set of s\.csv: accuracy .* of 60\), in float32/m],
    [
      table("diabetes.csv"),
      ["--target", "progression"],
      [],
      /^442 rows of diabetes\.csv: RMSE \d+\.\d+, loss .*; in float32 RMSE \d+\.\d+, loss/m,
    ],
  ];
  for (const [i, [data, train, evaluate, cost]] of cases.entries()) {
    const run = `run${i}`;
    requireSuccess(await workplace.weft("train", data, ...train, "--epochs", "2", "--run", run));
    const to = ["--model", run, "--quantize", "--out", `dist/${run}`];
    const { stdout } = requireSuccess(await workplace.weft("export", data, ...evaluate, ...to));
    assert.match(stdout, cost);
    const { stdout: without } = requireSuccess(
      await workplace.weft("export", "--model", run, "--quantize", "--out", `dist/without${run}`),
    );
    assert.match(without, /was not measured: no rows with their targets were named; name some/);
  }
  const wrong = await workplace.weft("export", "s.csv", "--model", "run1", "--quantize");
  assert.match(refusalOf(wrong, 2), /on s\.csv: the model was not trained on a table/);
});
