/** Reads the body of a request that may be large, slow, or one of very many. */

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
  if (!body) return new Uint8Array(0);
  const reader = body.getReader();
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(tooSlow(arrivalMs)), arrivalMs);
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([nextPiece(reader), deadline.promise]);
      if (done) return joined(pieces, length);
      length += value.length;
      if (length > bodyBytes) throw tooLong(bodyBytes);
      held.take(value.length);
      pieces.push(value);
    }
  } catch (error) {
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

/** Most bodies are one piece, which needs no copy. */
function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
