/** The options that say who may ask a predictor; each may be given several times. */
import { Option } from "commander";
import { UsageError } from "../../errors.ts";
import { nameOfHost } from "../../local_server/host_names.ts";

export function originOption(): Option {
  return new Option(
    "--allow-origin <origin>",
    "origin of another site whose pages may ask, or * for any; may be given again (edge)",
  ).argParser(readOrigin);
}

export function hostOption(): Option {
  return new Option(
    "--allow-host <name>",
    "name by which it may be asked besides this machine's own; may be given again",
  ).argParser(readHost);
}

function readOrigin(text: string, before: readonly string[] = []): string[] {
  if (text === "*" || isOrigin(text)) return [...before, text];
  throw unreadable("--allow-origin", text, "an origin, such as https://example.com, or *");
}

/** In the form that a browser sends: in lower case, without a slash at its end or the usual port. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function readHost(text: string, before: readonly string[] = []): string[] {
  const name = nameOfHost(text);
  if (name !== null && name === text.toLowerCase()) return [...before, name];
  throw unreadable("--allow-host", text, "a name without a port, such as weft.example");
}

function unreadable(flag: string, text: string, must: string): UsageError {
  return new UsageError(`Cannot read ${flag} ${JSON.stringify(text)}: it must be ${must}`);
}
