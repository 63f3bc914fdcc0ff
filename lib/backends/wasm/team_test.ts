import assert from "node:assert/strict";
import { Placed } from "./buffers.ts";
import { fingerprintOf, JOBS } from "./job_table.ts";
import { Jobs, numberOf } from "./jobs.ts";
import { compileKernels, constantsOf, MEMORY_PAGES } from "./kernels.ts";
import { LinearMemory } from "./linear_memory.ts";
import { Team } from "./team.ts";

async function makeJobs(threads: number): Promise<Jobs> {
  const kernels = await compileKernels("strict");
  const memory = new LinearMemory(MEMORY_PAGES.initial * 65536, kernels.shared);
  return new Jobs(memory, await Team.create(kernels, memory, threads));
}

/** Jobs that the whole team was called for when a matrix of so many elements was clipped at zero. */
function sharedJobs(jobs: Jobs, elements: number): number {
  const matrix = new Placed("float32", jobs.memory.allocate(elements * 4), 1, elements);
  const number = numberOf("reluForward");
  const run = jobs.runner(JOBS[number], number);
  // The first word of a job counts those that were shared (assembly/team/job.ts).
  const before = jobs.memory.ints[jobs.team.job / 4];
  run([matrix, matrix]);
  const after = jobs.memory.ints[jobs.team.job / 4];
  jobs.memory.free(matrix.at);
  return after - before;
}

Deno.test("work that is too small is not shared, whatever a fork costs here, and large work is", async () => {
  const jobs = await makeJobs(2);
  using team = jobs.team;
  // 0.3 and 340 microseconds by the table.
  assert.equal(sharedJobs(jobs, 2_000), 0);
  assert.equal(sharedJobs(jobs, 2_000_000), 1);
  assert(team.worthSharing >= 12_000 && team.worthSharing <= 25_000, `${team.worthSharing}`);
});

Deno.test("one thread shares nothing", async () => {
  const jobs = await makeJobs(1);
  using _ = jobs.team;
  assert.equal(sharedJobs(jobs, 2_000_000), 0);
});

Deno.test("a job's words do not overlap, and fit its memory", () => {
  for (const { name, words } of JOBS) {
    const taken = words.flatMap(({ kind, slot }) => kind === "double" ? [slot, slot + 1] : [slot]);
    assert.equal(new Set(taken).size, taken.length, name);
    // MOST_ARGUMENTS of assembly/team/job.ts.
    assert(Math.max(...taken) < 16, name);
    for (const { kind, slot } of words) assert(kind !== "double" || slot % 2 === 0, name);
  }
  assert.notEqual(fingerprintOf(JOBS), fingerprintOf(JOBS.toReversed()));
});

Deno.test("kernels of another list of jobs are refused", () => {
  const exports = { JOBS: new WebAssembly.Global({ value: "i32" }, 1) };
  const instance = { exports } as unknown as WebAssembly.Instance;
  assert.throws(() => constantsOf(instance), {
    name: "WeftError",
    message: /another version of Weft/,
  });
});
