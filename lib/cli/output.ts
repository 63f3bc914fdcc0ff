/** Standard output and error of the commands. */
import type { Progress as Download } from "../../data/source.ts";

/** Writes a line to standard output. A reader that has gone away (`| head`) is no error. */
export function print(line = ""): void {
  writeAll(Deno.stdout, `${line}\n`);
}

/** Writes a line to standard error. */
export function printError(line: string): void {
  writeAll(Deno.stderr, `${line}\n`);
}

function writeAll(stream: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let sent = 0; sent < bytes.length;) sent += stream.writeSync(bytes.subarray(sent));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** One line that is overwritten; shows nothing unless a person is watching both outputs. */
export class StatusLine implements Disposable {
  readonly #shown = Deno.stdout.isTerminal() && Deno.stderr.isTerminal();

  /** Replaces the line. */
  set(line: string): void {
    if (this.#shown) writeAll(Deno.stderr, `\r\x1b[K${line}`);
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
  return `${file}: ${megabytes(receivedBytes)}${of} MB from ${source}`.slice(0, 79);
}
