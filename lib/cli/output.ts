/**
 * Standard output and error of the commands: the only module that writes to them. Names of files, classes and runs come from
 * anywhere, so nothing that could steer the terminal reaches it.
 */
import { host } from "../host/mod.ts";
import type { Progress as Download } from "../../data/source.ts";
import { terminalColumns } from "../report/page_width.ts";
import { printable } from "../report/printable.ts";
import { ioFailure } from "../run_log/shared/io_failure.ts";

/** What JSON leaves as it is, though a terminal would obey it. */
const STEERS_IN_JSON = /[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Between two tries to write to a pipe that is full and does not wait. */
const FULL_PIPE_MS = 5;

/**
 * Writes text to standard output, and a line feed. A reader that has gone away (`| head`) is no error.
 *
 * @param text lines; what is in them besides characters is replaced
 * @throws {WeftError} where it cannot be written: a full disk
 */
export function print(text = ""): void {
  writeLine(printableLines(text));
}

/** Writes a value to standard output as one line of JSON. @returns whether anybody still reads */
export function printJson(value: unknown): boolean {
  const code = (character: string) => character.charCodeAt(0).toString(16).padStart(4, "0");
  return tryToPrint(
    `${JSON.stringify(value).replace(STEERS_IN_JSON, (it) => `\\u${code(it)}`)}\n`,
  );
}

/**
 * Writes rows for other programs to standard output, lines with their ends: as they are, unless a terminal shows them.
 *
 * @returns whether anybody still reads
 * @throws {WeftError} where they cannot be written: a full disk
 */
export function printRows(text: string): boolean {
  return tryToPrint(host.stdout.isTerminal() ? printableLines(text) : text);
}

/** Writes lines to standard error, such as a stack trace that was asked for. */
export function printError(text: string): void {
  tryToWrite(`${printableLines(text)}\n`);
}

let speaker = "";

/** Of several processes that share a standard error: begins every line from now on with the name of this one. */
export function signErrorLines(name: string): void {
  speaker = `${name}: `;
}

/** Writes why something failed, or a note, to standard error: one line, whatever is in it. */
export function printErrorLine(text: string): void {
  tryToWrite(`${printable(speaker + text)}\n`);
}

function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

function writeLine(line: string): void {
  tryToPrint(`${line}\n`);
}

/** False where the reader has gone away. */
function tryToPrint(text: string): boolean {
  try {
    writeAll(host.stdout, text);
    return true;
  } catch (error) {
    if (error instanceof host.errors.BrokenPipe) return false;
    throw ioFailure("write to the standard output", error);
  }
}

/** Where even standard error cannot be written to, nobody is left to be told. */
function tryToWrite(text: string): void {
  try {
    writeAll(host.stderr, text);
  } catch {
    // See above.
  }
}

function writeAll(stream: typeof host.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) {
    try {
      sent += stream.writeSync(bytes.subarray(sent));
    } catch (error) {
      if (!(error instanceof host.errors.WouldBlock)) throw error;
      // Another program has told the pipe that they share not to wait.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MS);
    }
  }
}

/** One line that is overwritten; shows nothing unless a person is watching both outputs. */
export class StatusLine implements Disposable {
  readonly #watched = host.stdout.isTerminal() && host.stderr.isTerminal();
  #line = "";

  /** Replaces the line, whose characters take one column each; what does not fit is cut, for a wrapped line would stay. */
  set(line: string): void {
    if (!this.#watched || line === this.#line) return;
    tryToWrite(`\r\x1b[K${printable(line).slice(0, terminalColumns() - 1)}`);
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
