/** Processes that train one run on what else there is to train on: tables, and models to begin with. */
import assert from "node:assert/strict";
import { requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { digestOf, linesOf, OPEN_MPI, ranksOf, records, startedMpi, trainMpi } from "../mpi.ts";

/** Rows of a table, one column of which has holes. */
function rows(count: number): string {
  const lines = Array.from({ length: count }, (_, i) => {
    const [size, age] = [(i * 37 % 23) / 7, i % 7 === 0 ? "" : i * 11 % 60];
    return `${size},${age},${"abc"[i % 3]},${i * 37 % 23 > 11 ? "yes" : "no"}`;
  });
  return ["size,age,shop,bought", ...lines].join("\n") + "\n";
}

async function withRows(): Promise<Workplace> {
  const workplace = await Workplace.create();
  await Deno.writeTextFile(workplace.path("rows.csv"), rows(200));
  return workplace;
}

const TABLE = "rows.csv --target bought --simd strict --threads 1 --shards 4";

testUnless(
  OPEN_MPI.missing,
  "processes train on a table, and from a model that the first one alone has to read, as one process does",
  async () => {
    await using workplace = await withRows();
    const alone = async (run: string, args: string) =>
      requireSuccess(await workplace.weft("train", ...args.split(" "), "--run", run));
    const together = async (run: string, processes: number, args: string) =>
      requireSuccess(await trainMpi(workplace, OPEN_MPI, processes, `${args} --run ${run}`));
    const begun = `${TABLE} --epochs 3`;
    await alone("one", begun);
    for (const processes of [2, 4]) {
      const { stdout } = await together(`in-${processes}`, processes, begun);
      assert.equal(stdout.match(/^rows\.csv/gm)?.length, 1, stdout);
      assert.equal(await digestOf(workplace, `in-${processes}`), await digestOf(workplace, "one"));
    }
    const continued = `${TABLE} --epochs 2 --from one --freeze 1`;
    await alone("frozen", continued);
    await together("frozen-in-2", 2, continued);
    assert.equal(await digestOf(workplace, "frozen-in-2"), await digestOf(workplace, "frozen"));
    assert.notEqual(await digestOf(workplace, "frozen"), await digestOf(workplace, "one"));
  },
);

testUnless(
  OPEN_MPI.missing,
  "a run on a table that is stopped resumes in other numbers of processes, which need no more than its name",
  async () => {
    await using workplace = await withRows();
    const long = `${TABLE} --epochs 400 --patience 0 --batch-size 16`;
    requireSuccess(await workplace.weft("train", ...long.split(" "), "--run", "whole"));
    const { process, output } = await startedMpi(workplace, "cut", long);
    const [first] = await ranksOf("cut");
    Deno.kill(first, "SIGTERM");
    assert.equal((await process.status).code, 130);
    await output;
    requireSuccess(await trainMpi(workplace, OPEN_MPI, 4, "--resume cut"));
    const resumed = (await records(workplace, "cut")).find(({ type }) => type === "resume");
    assert.equal(resumed.processes.count, 4);
    assert.equal(await digestOf(workplace, "cut"), await digestOf(workplace, "whole"));
  },
);

testUnless(
  OPEN_MPI.missing,
  "rows that only one process would get, and a column that a table has not, are refused in one line",
  async () => {
    await using workplace = await withRows();
    const refusals: [string, number, RegExp][] = [
      [TABLE.replace("rows.csv", "-"), 2, /^error: Cannot train in several processes on rows from/],
      [TABLE.replace("bought", "sold"), 2, /^error: Cannot .*"?sold"?/],
      [`${TABLE} --from nobody`, 1, /^error: rank 0 on \S+: Cannot .*nobody/],
    ];
    for (const [args, code, message] of refusals) {
      const outcome = await trainMpi(workplace, OPEN_MPI, 2, `${args} --run r`);
      const lines = linesOf(outcome).filter((line) => !line.startsWith("note: "));
      assert.equal(lines.length, 1, outcome.stderr);
      assert.match(lines[0], message);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.deepEqual(workplace.contents(), ["rows.csv"], args);
    }
  },
);
