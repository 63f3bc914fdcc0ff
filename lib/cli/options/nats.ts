/** Options of commands that use a NATS server. */
import { Option } from "commander";

export function natsOption(description: string): Option {
  return new Option("--nats <url>", description);
}

/** Given by Weft itself to a process that ends with what started it. */
export const tiedOption: Option = new Option("--tied", "end with the standard input").hideHelp();
