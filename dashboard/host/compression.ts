/**
 * What is text is sent compressed: a list of thousands of runs is a fifth of its size, which matters over a tunnel. Says how
 * long the answer is, because a HEAD's has nothing that could be counted.
 */

import { gzipSync } from "node:zlib";

const TEXTS = /^(text\/(html|css|javascript|plain)|application\/json|image\/svg\+xml)\b/;

/** Less is one packet anyway. */
const LEAST_BYTES = 1024;

/** Fast: on the same machine nobody waits for bytes. */
const LEVEL = 1;

/** The same answer in gzip, where it is text and the browser takes that. */
export async function compressed(request: Request, response: Response): Promise<Response> {
  const type = response.headers.get("content-type") ?? "";
  if (!response.body || !TEXTS.test(type)) return response;
  const headers = new Headers(response.headers);
  headers.append("vary", "accept-encoding");
  const { status, statusText } = response;
  let bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length >= LEAST_BYTES && takesGzip(request.headers)) {
    bytes = new Uint8Array(gzipSync(bytes, { level: LEVEL }));
    headers.set("content-encoding", "gzip");
  }
  headers.set("content-length", String(bytes.length));
  return new Response(bytes, { status, statusText, headers });
}

/** Whether it is asked for, and not with a weight of zero, which refuses it. */
function takesGzip(headers: Headers): boolean {
  const asked = headers.get("accept-encoding") ?? "";
  return /(^|[\s,])(gzip|\*)\s*(?!\s*;\s*q=0(\.0*)?\s*(,|$))(;|,|$)/i.test(asked);
}
