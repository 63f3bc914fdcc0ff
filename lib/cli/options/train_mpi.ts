/** Options of `train:mpi`: those of `train`, but for several runs at once, and what MPI takes. */
import type { Option } from "commander";
import { type TrainCommandOptions, trainOptions } from "./train.ts";
import { duration, pathOption, valueOption } from "./values.ts";

export interface TrainMpiOptions extends TrainCommandOptions {
  /** The library to load. */
  readonly mpi?: string;
  /** How long a process waits for others, in milliseconds. */
  readonly mpiTimeout?: number;
}

/** A process computes on its processor, and trains one run. */
const NOT_TAKEN = ["--seeds", "--folds", "--trial-until", "--trial-of", "--adapter"];

export const trainMpiOptions: readonly Option[] = [
  ...trainOptions.filter(({ long }) => !NOT_TAKEN.includes(long ?? "")),
  pathOption(
    "--mpi <file>",
    "MPI library (default: Open MPI's or MPICH's, as the launcher's)",
  ),
  valueOption(
    "--mpi-timeout <time>",
    "end all processes where one waits longer than this (default: 10m)",
    duration,
    "90s",
  ),
];

export const trainMpiHelp = `Examples:
  mpirun -np 2 deno task train:mpi
      --shards 2 --epochs 10
`;
