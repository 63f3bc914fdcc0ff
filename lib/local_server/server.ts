/**
 * An HTTP server for this machine alone, which no client can end or keep busy: connections are counted, and slow ones
 * are timed out. `Deno.serve` does neither, and ends when the process may open no more files. Node's parser, on
 * connections that are taken here, because Node's own server stops taking any after that, without a word.
 */

import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { Acceptor } from "./acceptor.ts";
import type { Connection } from "./connection.ts";
import { SERVER_LIMITS, type ServerLimits } from "./limits.ts";
import { hasBody, readRequest } from "./web_request.ts";
import { sendResponse } from "./web_response.ts";

/** What answers requests. */
export type Handler = (request: Request) => Response | Promise<Response>;

export interface ServerOptions {
  readonly handler: Handler;
  /** Makes the answer to bytes that are no usable request; `problem` is a sentence without a full stop. */
  readonly refuse: (status: number, problem: string) => Response;
  readonly limits?: ServerLimits;
}

const HOSTNAME = "127.0.0.1";

/** Bytes of a request's head: a comparison's address may name a thousand runs. */
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * Takes a port.
 *
 * @param port 0 takes any free one
 * @throws {Deno.errors.AddrInUse} where it is taken
 */
export function takePort(port: number): Deno.TcpListener {
  return Deno.listen({ hostname: HOSTNAME, port });
}

/** Answers all that connect, until the listener is closed. */
export function serve(listener: Deno.TcpListener, options: ServerOptions): Promise<void> {
  const { limits = SERVER_LIMITS } = options;
  const parser = new Server({ maxHeaderSize: MAX_HEAD_BYTES, keepAliveTimeout: 0 });
  // It listens nowhere itself: connections come by `emit`. Node would then close each after its first answer.
  Object.defineProperty(parser, "listening", { value: true });
  // A client that has closed its side after asking still reads the answer.
  Object.assign(parser, { httpAllowHalfOpen: true });
  parser.on("request", (message, response) => enqueue(message, response, options));
  parser.on("clientError", (error: Error & { code?: string }, connection: Connection) => {
    rejectBytes(connection, error.code === "HPE_HEADER_OVERFLOW");
  });
  return new Acceptor(listener, limits, (connection) => parser.emit("connection", connection))
    .run();
}

/** Says that what came is no HTTP, unless an answer is on its way, into whose middle this would fall. */
function rejectBytes(connection: Connection, isLong: boolean): void {
  if (!connection.writable || current.get(connection)?.headersSent) {
    connection.destroy();
    return;
  }
  const [status, text] = isLong
    ? [
      "431 Request Header Fields Too Large",
      `The head of a request has ${MAX_HEAD_BYTES} bytes at most.\n`,
    ]
    : ["400 Bad Request", "This is no request of HTTP/1.1.\n"];
  connection.end(
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
  );
}

/** The answer that is under way on each connection. */
const current = new WeakMap<Connection, ServerResponse>();

/** The last answer of each connection: those to one connection are made one after the other. */
const answers = new WeakMap<Connection, Promise<void>>();

function enqueue(message: IncomingMessage, response: ServerResponse, options: ServerOptions): void {
  const connection = message.socket as unknown as Connection;
  connection.beginRequest(() => message.complete);
  response.once("close", () => connection.endRequest());
  const before = answers.get(connection) ?? Promise.resolve();
  answers.set(connection, before.then(() => answer(message, response, options)));
}

/** Never rejects. */
async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  { handler, refuse }: ServerOptions,
): Promise<void> {
  try {
    if (response.destroyed) return;
    current.set(message.socket as unknown as Connection, response);
    const read = readRequest(message);
    const answered = read.request ? await handler(read.request) : refuse(read.status, read.problem);
    // The rest of a body may have no end, and is not read.
    const isLast = hasBody(message) && !message.complete;
    await sendResponse(response, answered, isLast);
  } catch (error) {
    // A client that breaks off in the middle of a body is no defect.
    if (!message.destroyed || message.complete) console.error(error);
    if (!response.headersSent) await sendResponse(response, refuse(500, "this is a defect"), true);
    else response.destroy();
  }
}
