/**
 * What processes must have in common to train together: each tells the facts about itself, and all of them see the first one
 * that differs.
 */
import { UsageError, WeftError } from "../errors.ts";

/** What a process is, by the names that errors use, in the order in which they are compared. */
export type Facts = Readonly<Record<string, string>>;

/** What a process brings: its facts, or why it has none. */
export type Brought =
  | { readonly facts: Facts }
  | { readonly error: string; readonly exitCode: number };

/** What a failure is to others. */
export function failureOf(error: unknown): Brought {
  const message = error instanceof Error ? error.message : String(error);
  return { error: message, exitCode: error instanceof WeftError ? error.exitCode : 1 };
}

/** Enough of a digest to tell two apart. */
const SHOWN = 12;

/**
 * @param hosts   names of machines, by rank
 * @param brought by rank
 * @returns null where all agree; else the one line that says who does not
 */
export function disagreement(
  hosts: readonly string[],
  brought: readonly Brought[],
): WeftError | null {
  const name = (rank: number) => `rank ${rank} on ${hosts[rank]}`;
  const failed = brought.findIndex((it) => "error" in it);
  if (failed >= 0) {
    const { error, exitCode } = brought[failed] as Extract<Brought, { error: string }>;
    const isAll = brought.every((it) => "error" in it && it.error === error);
    const line = isAll ? error : `${name(failed)}: ${error}`;
    return exitCode === 2 ? new UsageError(line) : new WeftError(line);
  }
  const all = brought.map((it) => (it as { facts: Facts }).facts);
  for (const [what, first] of Object.entries(all[0])) {
    const rank = all.findIndex((facts) => facts[what] !== first);
    if (rank < 0) continue;
    const [theirs, ours] = [all[rank][what], first].map(shortened);
    return new UsageError(
      `Cannot train together: ${name(rank)} has ${what} ${theirs}, and ${name(0)} has ${ours}; ` +
        "start all processes alike, with the same data",
    );
  }
  return null;
}

function shortened(value: string): string {
  return /^[0-9a-f]{64}$/.test(value) ? `sha256:${value.slice(0, SHOWN)}` : value;
}
