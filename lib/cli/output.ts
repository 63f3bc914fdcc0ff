/** Standard output and error of the commands. */
import type { Progress as Download } from "../../data/source.ts";
import { printable } from "../report/printable.ts";
import { ioFailure } from "../run_log/io_failure.ts";

/**
 * Writes a line to standard output. A reader that has gone away (`| head`) is no error.
 *
 * @throws {WeftError} where it cannot be written: a full disk
 */
export function print(line = ""): void {
  try {
    writeAll(Deno.stdout, `${line}\n`);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw ioFailure("write to the standard output", error);
  }
}

/** Writes lines to standard error, without what a file's name may hold to steer the terminal. */
export function printError(text: string): void {
  tryToWrite(`${text.split("\n").map(printable).join("\n")}\n`);
}

/** Where even standard error cannot be written to, nobody is left to be told. */
function tryToWrite(text: string): void {
  try {
    writeAll(Deno.stderr, text);
  } catch {
    // See above.
  }
}

function writeAll(stream: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += stream.writeSync(bytes.subarray(sent));
}

/** One line that is overwritten; shows nothing unless a person is watching both outputs. */
export class StatusLine implements Disposable {
  readonly #watched = Deno.stdout.isTerminal() && Deno.stderr.isTerminal();
  #line = "";

  /** Replaces the line; what does not fit the terminal is cut, for a wrapped line would stay. */
  set(line: string): void {
    if (!this.#watched || line === this.#line) return;
    // Some terminals do not say how wide they are.
    const columns = Deno.consoleSize().columns || 80;
    tryToWrite(`\r\x1b[K${line.slice(0, columns - 1)}`);
    this.#line = line;
  }

  /** Removes it, so that something else can be printed. */
  clear(): void {
    this.set("");
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

/** How far a download is, in a line. */
export function downloadLine({ source, file, receivedBytes, totalBytes }: Download): string {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  const of = totalBytes === null ? "" : ` of ${megabytes(totalBytes)}`;
  return `${file}: ${megabytes(receivedBytes)}${of} MB from ${source}`;
}
