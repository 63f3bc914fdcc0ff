/** Several processes that a launcher starts and that train one run: the same bits, and what becomes of those that fail. */
import assert from "node:assert/strict";
import { requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import {
  digestOf,
  type Launcher,
  linesOf,
  MPICH,
  OPEN_MPI,
  ranksOf,
  records,
  startedMpi,
  trainMpi,
} from "../mpi.ts";

const NET = "--data-dir data --hidden 16 --batch-size 24 --epochs 2 --dropout 0.2 --batch-norm " +
  "--class-weights balanced --optimizer adamw --learning-rate 0.01 --clip-norm 1";

function hostName(): string {
  const { stdout } = new Deno.Command("uname", { args: ["-n"] }).outputSync();
  return new TextDecoder().decode(stdout).trim();
}

for (const simd of ["strict", "relaxed"] as const) {
  testUnless(
    OPEN_MPI.missing,
    `${simd}: 1, 2 and 4 processes of 1 and 2 threads end with the same network`,
    async () => {
      await using workplace = await Workplace.create();
      const digests = new Map<string, number>();
      for (const shards of [1, 2, 4, 8]) {
        const alone = `alone-${shards}`;
        const options = `${NET} --simd ${simd} --shards ${shards}`;
        requireSuccess(
          await workplace.weft("train", ...options.split(" "), "--run", alone, "--threads", "2"),
        );
        const expected = await digestOf(workplace, alone);
        digests.set(expected, shards);
        for (const processes of [1, 2, 4].filter((processes) => processes <= shards)) {
          for (const threads of [1, 2]) {
            const run = `s${shards}-p${processes}-t${threads}`;
            const args = `${options} --run ${run} --threads ${threads}`;
            requireSuccess(await trainMpi(workplace, OPEN_MPI, processes, args));
            assert.equal(await digestOf(workplace, run), expected, run);
          }
        }
      }
      assert.equal(digests.size, 4, "another number of shards is another network");
    },
  );
}

testUnless(
  OPEN_MPI.missing ?? MPICH.missing,
  "Open MPI and MPICH end with the same network, and the log says who trained",
  async () => {
    await using workplace = await Workplace.create();
    const launched: [Launcher, string][] = [[OPEN_MPI, "open"], [MPICH, "mpich"]];
    for (const [launcher, run] of launched) {
      const args = `${NET} --simd strict --shards 4 --run ${run}`;
      const { stdout } = requireSuccess(await trainMpi(workplace, launcher, 2, args));
      assert.match(stdout, new RegExp(`2 processes on .* \\(${launcher.name} [\\d.]+\\), \\d+ % `));
      assert.equal(stdout.match(/log\.jsonl/g)?.length, 1, "one process says what came of it");
      const [{ processes, config }, epoch] = await records(workplace, run);
      assert.equal(processes.count, 2);
      assert.deepEqual(processes.hosts, [hostName(), hostName()]);
      assert.match(processes.library, new RegExp(`^${launcher.name} `));
      assert.equal(config.shards, 4);
      assert(epoch.phasesMs.communicate > 0);
    }
    assert.equal(await digestOf(workplace, "open"), await digestOf(workplace, "mpich"));
  },
);

/** What must not be mended: a run of many epochs, which is killed or stopped in one of them. */
const LONG = "--data-dir data --hidden 8 --batch-size 8 --shards 4 --simd strict --threads 1";

testUnless(
  OPEN_MPI.missing,
  "where a process is killed all end, and another number of them resumes to the same network",
  async () => {
    await using workplace = await Workplace.create();
    const options = "--epochs 300";
    requireSuccess(
      await workplace.weft("train", ...`${LONG} ${options}`.split(" "), "--run", "whole"),
    );
    const { process, output } = await startedMpi(workplace, "killed-mpi", `${LONG} ${options}`);
    const [, second] = await ranksOf("killed-mpi");
    Deno.kill(second, "SIGKILL");
    const { code } = await process.status;
    await output;
    assert.notEqual(code, 0);
    assert.deepEqual(await ranksOf("killed-mpi"), []);
    requireSuccess(await trainMpi(workplace, OPEN_MPI, 4, "--data-dir data --resume killed-mpi"));
    assert.equal(await digestOf(workplace, "killed-mpi"), await digestOf(workplace, "whole"));
    const resumed = (await records(workplace, "killed-mpi")).find(({ type }) => type === "resume");
    assert.equal(resumed.processes.count, 4);
  },
);

testUnless(
  OPEN_MPI.missing,
  "a signal to one process stops all of them after a batch, with a checkpoint to resume from",
  async () => {
    await using workplace = await Workplace.create();
    for (const signal of ["SIGTERM", "SIGUSR2"] as const) {
      const run = `stopped-${signal.toLowerCase()}`;
      const { process, output } = await startedMpi(workplace, run, `${LONG} --epochs 100000`);
      const [, second] = await ranksOf(run);
      Deno.kill(second, signal);
      const { code } = await process.status;
      const text = new TextDecoder().decode((await output).stdout);
      assert.equal(code, 130);
      assert.match(text, new RegExp(`Resume with: deno task train:mpi --resume ${run}`));
      assert.equal((await records(workplace, run)).at(-1).status, "interrupted");
      assert(workplace.contents(`runs/${run}/checkpoints`).length > 0);
    }
  },
);

testUnless(
  OPEN_MPI.missing,
  "where a process is stuck, another says so and ends all of them",
  async () => {
    await using workplace = await Workplace.create();
    const { process, output } = await startedMpi(
      workplace,
      "stuck",
      `${LONG} --epochs 100000 --mpi-timeout 2s`,
    );
    const [, second] = await ranksOf("stuck");
    Deno.kill(second, "SIGSTOP");
    const { code } = await process.status;
    const lines = linesOf({
      code,
      stdout: "",
      stderr: new TextDecoder().decode((await output).stderr),
    });
    const errors = lines.filter((line) => line.startsWith("error: "));
    assert.notEqual(code, 0);
    assert.equal(errors.length, 1);
    assert.match(
      errors[0],
      /^error: rank 0 on \S+ has waited 2 s for rank 1 on \S+ in step \d+: a process has stopped/,
    );
    assert.deepEqual(await ranksOf("stuck"), []);
  },
);

testUnless(
  OPEN_MPI.missing,
  "processes that do not go together are refused in one line, and leave nothing",
  async () => {
    await using workplace = await Workplace.create();
    await Deno.mkdir(workplace.path("other"));
    for (const { name } of Deno.readDirSync(workplace.path("data"))) {
      const bytes = await Deno.readFile(workplace.path(`data/${name}`));
      // Another pixel, or another label.
      if (/images/.test(name)) bytes[bytes.length - 1] ^= 1;
      await Deno.writeFile(workplace.path(`other/${name}`), bytes);
    }
    const both = "--hidden 4 --batch-size 8 --epochs 1 --shards 2 --run r --simd strict";
    const second = (args: string) => `: -n 1 ${workplace.expand(`$WEFT train:mpi ${args}`)}`;
    const refusals: [number, string, number, RegExp][] = [
      [
        1,
        `--data-dir data ${both} ${second(`--data-dir data ${both} --l2 1`)}`,
        2,
        /^error: Cannot train together: rank 1 on \S+ has options sha256:\w{12}, and rank 0 on \S+ has sha256:\w{12}; /,
      ],
      [
        1,
        `--data-dir data ${both} ${second(`--data-dir other ${both}`)}`,
        2,
        /^error: Cannot train together: rank 1 on \S+ has data sha256:/,
      ],
      [
        1,
        `--data-dir data ${both} ${second(`--data-dir data ${both.replace("strict", "relaxed")}`)}`,
        2,
        /^error: Cannot train together: rank 1 on \S+ has kernels wasm relaxed, and rank 0 on \S+ has wasm strict/,
      ],
      [
        1,
        `--data-dir data ${both} ${second(`--data-dir nowhere ${both}`)}`,
        1,
        /^error: rank 1 on \S+: .*nowhere/,
      ],
      [2, `--data-dir nowhere ${both}`, 1, /^error: Cannot .*nowhere/],
      [2, `--data-dir data --hidden 4 --run r`, 2, /^error: Cannot train in 2 processes: /],
      [2, `--data-dir data ${both} --l1 -1`, 2, /^error: Cannot train with an L1 penalty of -1/],
      [
        2,
        `--data-dir data --resume nobody`,
        2,
        /^error: (rank 0 on \S+: )?Cannot resume nobody: there is no /,
      ],
      [3, `--data-dir data ${both}`, 2, /^error: Cannot train in 3 processes: /],
    ];
    for (const [processes, args, code, message] of refusals) {
      const outcome = await trainMpi(workplace, OPEN_MPI, processes, args);
      const lines = linesOf(outcome).filter((line) => !line.startsWith("note: "));
      assert.equal(lines.length, 1, outcome.stderr);
      assert.match(lines[0], message);
      assert.equal(outcome.code, code, outcome.stderr);
      assert.deepEqual(workplace.contents(), ["other"], args);
    }
  },
);

testUnless(
  OPEN_MPI.missing,
  "a library that is not the launcher's, or none, is refused",
  async () => {
    await using workplace = await Workplace.create();
    const args = "--data-dir data --shards 2 --run r";
    const cases: [string, number, RegExp][] = [
      ["--mpi /lib/nothing.so", 2, /^error: Cannot load \/lib\/nothing\.so: the task may load/],
    ];
    if (!MPICH.missing) {
      const path = "/usr/lib/x86_64-linux-gnu/libmpich.so.12";
      if (Deno.build.arch === "x86_64") {
        cases.push([`--mpi ${path}`, 2, /2 processes were started, and MPICH .* sees one/]);
      }
    }
    for (const [option, code, message] of cases) {
      const outcome = await trainMpi(workplace, OPEN_MPI, 2, `${args} ${option}`);
      for (const line of linesOf(outcome)) assert.match(line, message);
      assert.equal(outcome.code, code);
    }
  },
);
