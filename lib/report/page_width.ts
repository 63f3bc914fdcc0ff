/** How wide text may be: at most 80 columns, which tables are made for, and less on a narrower terminal. */
import { host } from "../host/mod.ts";

/** Columns of the narrowest terminal that is common, and of everything that is not a terminal. */
export const PAGE_WIDTH = 80;

/** Below this, nothing that is worth reading has room. */
const LEAST = 20;

/** Columns of the terminal that the user looks at; `PAGE_WIDTH` if nobody knows. */
export function terminalColumns(): number {
  try {
    // Some terminals do not say how wide they are.
    return Math.max(host.consoleSize().columns || PAGE_WIDTH, LEAST);
  } catch {
    return PAGE_WIDTH; // There is no terminal.
  }
}

/** Columns that a report has: a file and a pipe have `PAGE_WIDTH`, so that they hold the same everywhere. */
export function pageWidth(): number {
  return host.stdout.isTerminal() ? Math.min(PAGE_WIDTH, terminalColumns()) : PAGE_WIDTH;
}
