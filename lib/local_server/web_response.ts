/** Sends an answer of the web as Node does. */

import type { ServerResponse } from "node:http";

/** What has no end; all else is sent with its length. */
const STREAM = "text/event-stream";

/**
 * @param isLast whether the connection must close afterwards
 * @returns when all is sent, or the connection is closed
 */
export async function sendResponse(
  to: ServerResponse,
  response: Response,
  isLast: boolean,
): Promise<void> {
  const isHead = to.req.method === "HEAD";
  for (const [name, value] of response.headers) to.appendHeader(name, value);
  if (isLast) to.setHeader("connection", "close");
  to.statusCode = response.status;
  const closed = new Promise<void>((resolve) => to.once("close", resolve));
  if (!response.body || isHead) {
    await response.body?.cancel();
    to.end();
  } else if (response.headers.get("content-type") === STREAM) {
    // A browser that goes away closes its side first, and would be noticed at the next event only.
    to.req.socket.once("end", () => to.destroy());
    await sendStream(to, response.body, closed);
  } else {
    const bytes = new Uint8Array(await response.arrayBuffer());
    to.setHeader("content-length", bytes.length);
    to.end(bytes);
  }
  await closed;
}

async function sendStream(
  to: ServerResponse,
  body: ReadableStream<Uint8Array>,
  closed: Promise<void>,
): Promise<void> {
  const reader = body.getReader();
  closed.then(() => reader.cancel()).catch(() => {});
  to.flushHeaders();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || to.destroyed) break;
    if (!to.write(value)) {
      await Promise.race([closed, new Promise<void>((resolve) => to.once("drain", resolve))]);
    }
  }
  to.end();
}
