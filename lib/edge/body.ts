/**
 * Reads the body of a request that may be large, slow, or one of very many.
 *
 * Memory that is not needed any more is given back at once. The collector would leave it until there are hundreds of
 * megabytes: small objects in its own heap are what it looks at, and the bytes of a body lie outside.
 */

import type { Held } from "./holdings.ts";
import type { Limits } from "./limits.ts";
import { Refusal } from "./refusal.ts";

/**
 * @param held counts the bytes, as they come
 * @returns the whole body
 * @throws {Refusal} 413 where it is too long, 408 where it does not come in time, 400 where it breaks off, 503 where too
 * much is held
 */
export async function readBody(
  { body, headers }: Request,
  { bodyBytes, arrivalMs }: Pick<Limits, "bodyBytes" | "arrivalMs">,
  held: Held,
): Promise<Uint8Array> {
  if (Number(headers.get("content-length")) > bodyBytes) throw tooLong(bodyBytes);
  // Of no length at first: what was announced need not come.
  let bytes = new Uint8Array(0);
  if (!body) return bytes;
  const reader = body.getReader();
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(tooSlow(arrivalMs)), arrivalMs);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([nextPiece(reader), deadline.promise]);
      if (done) return bytes.subarray(0, length);
      const end = length + value.length;
      if (end > bodyBytes) throw tooLong(bodyBytes);
      if (end > bytes.length) {
        const room = Math.max(end, Math.min(2 * length, bodyBytes));
        held.take(room - bytes.length);
        bytes = grown(bytes, room);
      }
      bytes.set(value, length);
      length = end;
      release(value);
    }
  } catch (error) {
    release(bytes);
    // What is still to come is nobody's; whether it can be stopped is not either.
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function nextPiece(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw new Refusal(400, "Cannot read the body: it broke off; send it again");
  }
}

function tooLong(bytes: number): Refusal {
  return new Refusal(
    413,
    `Cannot read the body: it is longer than ${bytes} bytes; send fewer pictures, or smaller ones`,
  );
}

function tooSlow(ms: number): Refusal {
  return new Refusal(
    408,
    `Cannot read the body: it has not arrived after ${ms / 1000} s; send it faster, or less of it`,
  );
}

/** The same bytes with room for more, in the same memory where that can be. */
function grown({ buffer }: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.transfer(length));
}

/** Gives the memory back; the bytes are gone. */
export function release({ buffer }: Uint8Array): void {
  (buffer as ArrayBuffer).transfer(0);
}
