/**
 * A load generator for the predictor: keeps some connections busy for some seconds, each with one request at a time, and
 * compares every answer with the one that it must be. Prints what it counted as JSON.
 *
 * Arguments: port of 127.0.0.1 (no other address, so that it can harm nobody), seconds (at most 120), connections (at
 * most 256), a file with `requests`: `[{ body, answer }, ...]`. Plain sockets, because `fetch` takes longer than what is
 * to be measured.
 */

export interface LoadRequest {
  readonly body: string;
  readonly answer: string;
}

export interface LoadFigures {
  readonly seconds: number;
  readonly answers: number;
  /** Answers that were wrong, and connections that broke. */
  readonly errors: number;
  /** The first of them. */
  readonly firstError: string | null;
  /** Milliseconds from request to answer: of half of them, of 99 in 100, of all. */
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

const [MOST_SECONDS, MOST_CONNECTIONS] = [120, 256];
const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

interface Prepared {
  readonly bytes: Uint8Array;
  readonly answer: Uint8Array;
}

function prepare({ body, answer }: LoadRequest): Prepared {
  const content = encoder.encode(body);
  const head = `POST /predict HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
    `content-length: ${content.length}\r\n\r\n`;
  return { bytes: encoder.encode(head + body), answer: encoder.encode(answer) };
}

class Load {
  answers = 0;
  errors = 0;
  firstError: string | null = null;
  readonly #times: number[] = [];

  constructor(readonly requests: readonly Prepared[], readonly endsAt: number) {}

  /** Asks over one connection until the time is over. */
  async ask(port: number, first: number): Promise<void> {
    try {
      using connection = await Deno.connect({ hostname: "127.0.0.1", port });
      connection.setNoDelay();
      const buffer = new Uint8Array(65_536);
      for (let i = first; performance.now() < this.endsAt; i++) {
        const { bytes, answer } = this.requests[i % this.requests.length];
        const startedAt = performance.now();
        for (let sent = 0; sent < bytes.length;) {
          sent += await connection.write(bytes.subarray(sent));
        }
        const body = await readAnswer(connection, buffer);
        this.#times.push(performance.now() - startedAt);
        this.answers++;
        if (!isSame(body, answer)) {
          this.#fail(`wrong answer: ${decoder.decode(body).slice(0, 200)}`);
        }
      }
    } catch (error) {
      this.#fail(String(error));
    }
  }

  #fail(why: string): void {
    this.errors++;
    this.firstError ??= why;
  }

  figures(seconds: number): LoadFigures {
    const times = Float64Array.from(this.#times).sort();
    const at = (share: number) =>
      times[Math.min(times.length - 1, Math.floor(share * times.length))];
    const { answers, errors, firstError } = this;
    return {
      seconds,
      answers,
      errors,
      firstError,
      medianMs: at(0.5),
      p99Ms: at(0.99),
      longestMs: at(1),
    };
  }
}

/** Reads one answer; its body is a view of `buffer`. */
async function readAnswer(connection: Deno.Conn, buffer: Uint8Array): Promise<Uint8Array> {
  let length = 0;
  let start = 0;
  let end = Infinity;
  while (length < end) {
    const read = await connection.read(buffer.subarray(length));
    if (read === null) throw new Error("the server ended the connection");
    length += read;
    if (end < Infinity) continue;
    const text = decoder.decode(buffer.subarray(0, length));
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) continue;
    if (!text.startsWith("HTTP/1.1 200 ")) throw new Error(text.slice(0, 300));
    start = headEnd + 4;
    end = start + Number(text.match(/\r\ncontent-length: (\d+)\r\n/i)?.[1]);
    if (Number.isNaN(end)) throw new Error(`an answer without a length: ${text.slice(0, 300)}`);
  }
  return buffer.subarray(start, end);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

if (import.meta.main) {
  const [port, seconds, connections] = Deno.args.map(Number);
  if (!(seconds <= MOST_SECONDS && connections <= MOST_CONNECTIONS)) {
    throw new Error(`at most ${MOST_SECONDS} seconds and ${MOST_CONNECTIONS} connections`);
  }
  const requests: LoadRequest[] = JSON.parse(await Deno.readTextFile(Deno.args[3]));
  const startedAt = performance.now();
  const load = new Load(requests.map(prepare), startedAt + seconds * 1000);
  await Promise.all(Array.from({ length: connections }, (_, i) => load.ask(port, i)));
  console.log(JSON.stringify(load.figures((performance.now() - startedAt) / 1000)));
}
