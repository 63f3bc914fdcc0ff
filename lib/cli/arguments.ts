/** What is done with arguments before a command reads them: the same for each command line of Weft. */
import config from "../../deno.json" with { type: "json" };

/** `weft 0.1.0`. */
export const VERSION = `weft ${config.version}`;

/**
 * Arguments without `--`, which npm asks for between a script and its options, and which `deno task` hands on. A
 * file whose name begins with a dash has to be named as in ./-file.
 */
export function withoutSeparator(args: readonly string[]): string[] {
  const at = args.indexOf("--");
  return at < 0 ? [...args] : [...args.slice(0, at), ...args.slice(at + 1)];
}
