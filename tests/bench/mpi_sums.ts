/**
 * The sum over processes beside MPI's own, in turns, on blocks of several sizes: the first process prints medians and ratios.
 * Checks the sums first. Started by a launcher:
 *
 *     tests/matrix/hosts.sh 2 '$MPIRUN -n 2 deno run -P=train-mpi --allow-env tests/bench/mpi_sums.ts'
 */
import { createBackend } from "../../lib/backends/mod.ts";
import { findMpi, loadMpi } from "../../lib/mpi/library.ts";
import { MpiGroup } from "../../lib/mpi/mpi_group.ts";
import type { SummedBlock } from "../../lib/train/process_group.ts";

/** Floats: 318 kB, 2.3 MB, 20 MB; and how often. */
const SIZES = [[79_510, 600], [575_000, 150], [5_000_000, 30]] as const;

const library = loadMpi(findMpi({ get: (name) => Deno.env.get(name) }, (path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}));
const group = new MpiGroup(library, Deno.hostname());
using backend = await createBackend({ backend: "wasm", threads: 1 });
const { functions, handles: { float, world } } = library;
// MPI's sum of float32: nothing else in Weft needs its handle.
const SUM = library.version.startsWith("Open MPI")
  ? Deno.dlopen(library.path, { ompi_mpi_op_sum: { type: "pointer" } }).symbols.ompi_mpi_op_sum
  : 0x58000003;

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1];
}

for (const [length, turns] of SIZES) {
  const [block, received] = [0, 1].map(() => backend.allocate(1, length));
  const summed: SummedBlock = {
    length,
    numbers: () => backend.numbersOf!(block),
    part: (first, count) => backend.part!(block, first, 1, count),
    received: () => backend.numbersOf!(received),
    receivedPart: (first, count) => backend.part!(received, first, 1, count),
    add: (y, a, b) => backend.add(y, a, b, 1),
  };
  const fill = () =>
    backend.numbersOf!(block).forEach((_, i, all) => void (all[i] = i % 7 + group.rank));
  const [numbers, result] = [block, received].map((it) => backend.numbersOf!(it));
  fill();
  functions.MPI_Allreduce(numbers, result, length, float, SUM, world);
  const expected = result.slice();
  group.sum(summed);
  if (numbers.some((value, i) => value !== expected[i])) throw new Error("the sums differ");
  const [own, theirs]: number[][] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    fill();
    group.gather("");
    const times = [performance.now()];
    group.sum(summed);
    times.push(performance.now());
    group.gather("");
    times.push(performance.now());
    functions.MPI_Allreduce(numbers, result, length, float, SUM, world);
    times.push(performance.now());
    own.push(times[1] - times[0]);
    theirs.push(times[3] - times[2]);
  }
  if (group.rank === 0) {
    const [a, b] = [median(own), median(theirs)];
    console.log(
      `${(length * 4 / 1e6).toFixed(2)} MB: ${a.toFixed(3)} ms, MPI_Allreduce ${
        b.toFixed(3)
      } ms, ratio ${(a / b).toFixed(2)}`,
    );
  }
  for (const matrix of [block, received]) backend.release(matrix);
}
group.finalize();
