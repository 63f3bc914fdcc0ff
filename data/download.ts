/** Data sets that a web server has, one gzip file at ADDRESS/NAME.gz for each of the four. */

import { messageOf, WeftError } from "../lib/errors.ts";
import { collectBytes, gunzipIfGzip } from "./bytes.ts";
import { verifyFile } from "./fashion_mnist.ts";
import { type DataFile, dataFile, FILE_NAMES, type FileName } from "./files.ts";
import type { Source } from "./source.ts";

/** How long a server may keep silent, in milliseconds. */
export interface Timeouts {
  /** From the request to the first line of the answer. */
  readonly connectMs: number;
  /** Between two pieces of the body. */
  readonly stallMs: number;
}

/** How one file is fetched. */
export interface DownloadOptions {
  readonly timeouts: Timeouts;
  /** A longer body is refused. */
  readonly maxBytes: number;
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
  readonly signal?: AbortSignal;
}

const TIMEOUTS: Timeouts = { connectMs: 10_000, stallMs: 30_000 };

/** The data set at `address`, one file after another, so that a dead address fails only once. */
export function downloadSource(address: string, timeouts = TIMEOUTS): Source {
  return {
    name: address,
    async fetchFiles({ expected, onProgress, signal }) {
      const files = new Map<FileName, DataFile>();
      for (const name of FILE_NAMES) {
        const url = `${address}/${name}.gz`;
        const size = expected[name].bytes;
        const body = await download(url, {
          timeouts,
          // What deflate cannot make smaller it stores, with less than 1/256 on top.
          maxBytes: size + (size >> 8) + 1024,
          onProgress: (receivedBytes, totalBytes) =>
            onProgress({ source: address, file: `${name}.gz`, receivedBytes, totalBytes }),
          signal,
        });
        const file = dataFile(url, await gunzipIfGzip(url, body, size));
        verifyFile(name, file, expected);
        files.set(name, file);
      }
      return files;
    },
  };
}

/**
 * Fetches one address.
 *
 * @returns the body
 * @throws {WeftError} where the server cannot be reached, keeps silent, answers with an error or
 * breaks off
 */
export async function download(
  url: string,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { timeouts: { connectMs, stallMs }, maxBytes, onProgress, signal } = options;
  const silence = new SilenceTimer();
  try {
    silence.restart(connectMs, "no answer");
    const signals = signal ? [silence.signal, signal] : [silence.signal];
    const response = await fetch(url, { signal: AbortSignal.any(signals) });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new WeftError(`the server answers ${response.status} ${response.statusText}`.trimEnd());
    }
    const total = contentLength(response);
    const chunks = watched(response.body, (received) => {
      silence.restart(stallMs, `the download stalls after ${received} bytes`);
      onProgress(received, total);
    });
    return await collectBytes(chunks, total ?? 0, maxBytes);
  } catch (error) {
    signal?.throwIfAborted();
    throw new WeftError(`${fileOf(url)}: ${causeOf(error)}`);
  } finally {
    silence.stop();
  }
}

/** Aborts a request once nothing has happened for a while. */
class SilenceTimer {
  readonly #controller = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits `ms` from now on. */
  restart(ms: number, what: string): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#controller.abort(new WeftError(`${what} for ${ms / 1000} s`));
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

/** The chunks of `body`; `onReceived` hears the number of bytes so far, from 0 on. */
async function* watched(
  body: ReadableStream<Uint8Array>,
  onReceived: (received: number) => void,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  onReceived(received);
  for await (const chunk of body) {
    received += chunk.length;
    onReceived(received);
    yield chunk;
  }
}

/**
 * The length of the body, where it is stated and is that of what arrives here: encodings are undone
 * on the way.
 */
function contentLength(response: Response): number | null {
  const length = Number(response.headers.get("content-length") ?? NaN);
  const isEncoded = response.headers.has("content-encoding");
  return Number.isSafeInteger(length) && length >= 0 && !isEncoded ? length : null;
}

/** The innermost reason: it says "dns error" where the outermost only says "fetch failed". */
function causeOf(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause) innermost = innermost.cause;
  return messageOf(innermost).replace(/^error sending request for url \(.*?\): /, "");
}

function fileOf(url: string): string {
  return url.slice(url.lastIndexOf("/") + 1);
}
