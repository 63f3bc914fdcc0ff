/** Options of `search:worker`. */
import type { Option } from "commander";
import { dataDirOption } from "./common.ts";
import { natsOption, tiedOption } from "./nats.ts";
import { numberOption } from "./values.ts";

/** Options as commander hands them over; what the user left out is undefined. */
export interface SearchWorkerOptions {
  /** A table: a path that can be read. */
  readonly data?: string;
  readonly dataDir?: string;
  readonly nats?: string;
  readonly workers?: number;
  readonly tied?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

export const searchWorkerOptions: readonly Option[] = [
  natsOption("server that the searches use, such as nats://broker:4222"),
  numberOption(
    "--workers <n>",
    "trials at once, of one thread each (default: the processors)",
    "2",
  ),
  dataDirOption,
  tiedOption,
];
