/** Data sets that a web server has, one gzip file at ADDRESS/NAME.gz for each of the four. */

import { messageOf, WeftError } from "../lib/errors.ts";
import { collectBytes, gunzipIfGzip } from "./bytes.ts";
import { UPSTREAM_ADDRESSES, verifyFile } from "./fashion_mnist.ts";
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
  /** Schemes with hosts, such as "https://example.org": nothing else is asked, wherever a server sends us. */
  readonly origins: readonly string[];
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
  readonly signal?: AbortSignal;
}

/** As many as a browser would follow by far are a server that sends us in circles. */
const MAX_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

const TIMEOUTS: Timeouts = { connectMs: 10_000, stallMs: 30_000 };

/** The data set at `address`, one file after another, so that a dead address fails only once. */
export function downloadSource(address: string, timeouts = TIMEOUTS): Source {
  const origins = [address, ...UPSTREAM_ADDRESSES].map((url) => new URL(url).origin);
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
          origins,
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
 * @throws {WeftError} where the server cannot be reached, keeps silent, answers with an error,
 * breaks off, or sends us to another
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
    const response = await follow(url, options.origins, AbortSignal.any(signals));
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

/** The answer at `url`, or where servers of `origins` send us from there. */
async function follow(
  url: string,
  origins: readonly string[],
  signal: AbortSignal,
): Promise<Response> {
  for (let asked = url, redirects = 0;; redirects++) {
    const response = await fetch(asked, { signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (!REDIRECTS.includes(response.status) || location === null) return response;
    await response.body?.cancel();
    if (redirects === MAX_REDIRECTS) {
      throw new WeftError(`the server sends us elsewhere more than ${MAX_REDIRECTS} times`);
    }
    const target = URL.parse(location, asked);
    if (!target || !origins.includes(target.origin)) {
      const where = target ? target.origin : "no address";
      throw new WeftError(`the server sends us to ${where}, from which no data is fetched`);
    }
    asked = target.href;
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
