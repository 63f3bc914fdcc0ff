/** Tables in Parquet from the command line: as those in CSV. */
import assert from "node:assert/strict";
import { requireSuccess, Workplace } from "../support/cli.ts";

const SAMPLE = new URL("../samples/parquet/all_zstd.parquet", import.meta.url);
const IGNORED = "day,time,i8,i64,text,flag";

Deno.test("a Parquet table is trained on, evaluated and predicted", async () => {
  await using workplace = await Workplace.create();
  await Deno.copyFile(SAMPLE, workplace.path("rows.parquet"));
  const train = ["train", "rows.parquet", "--target", "dict", "--ignore", IGNORED, "--run", "p"];
  requireSuccess(await workplace.weft(...train));
  const { stdout } = requireSuccess(
    await workplace.weft("predict", "rows.parquet", "--model", "p"),
  );
  const lines = stdout.trim().split("\n");
  assert.equal(lines[0], "prediction,probability");
  assert.equal(lines.length, 41);
  const evaluated = await workplace.weft("evaluate", "rows.parquet", "--model", "p", "--json");
  assert(JSON.parse(requireSuccess(evaluated).stdout).metrics.accuracy >= 0);
});
