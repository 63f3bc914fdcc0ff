/**
 * Reads the body of a request that may be large, slow, or one of very many.
 *
 * Memory that is not needed any more is given back at once. The collector would leave it until there are hundreds of
 * megabytes: small objects in its own heap are what it looks at, and the bytes of a body lie outside.
 */

import type { Reservation } from "./admission.ts";
import type { Limits } from "./limits.ts";
import { Refusal } from "./refusal.ts";

/**
 * Bodies of at most this length that say their length are read in one go, which takes a third of the time, and are counted
 * before they come. An image of 28 x 28 pixels is 3 kB.
 */
const SHORT = 16_384;

/**
 * @param reservation counts the bytes, as they come
 * @returns the whole body
 * @throws {Refusal} 413 where it is too long, 408 where it does not come in time, 400 where it breaks off, 503 where too
 * much is reservation
 */
export async function readBody(
  request: Request,
  { bodyBytes, arrivalMs }: Pick<Limits, "bodyBytes" | "arrivalMs">,
  reservation: Reservation,
): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? NaN);
  if (announced > bodyBytes) throw tooLong(bodyBytes);
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(tooSlow(arrivalMs)), arrivalMs);
  try {
    if (announced >= 0 && announced <= SHORT) {
      reservation.take(announced);
      return await Promise.race([readShort(request), deadline.promise]);
    }
    if (!request.body) return new Uint8Array(0);
    return await readPieces(request.body, bodyBytes, reservation, deadline.promise);
  } finally {
    clearTimeout(timer);
  }
}

async function readShort(request: Request): Promise<Uint8Array> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch {
    throw brokenOff();
  }
}

async function readPieces(
  body: ReadableStream<Uint8Array>,
  bodyBytes: number,
  reservation: Reservation,
  deadline: Promise<never>,
): Promise<Uint8Array> {
  const reader = body.getReader();
  // Of no length at first: what was announced need not come.
  let bytes = new Uint8Array(0);
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([nextPiece(reader), deadline]);
      if (done) return bytes.subarray(0, length);
      const end = length + value.length;
      if (end > bodyBytes) throw tooLong(bodyBytes);
      if (end > bytes.length) {
        const room = Math.max(end, Math.min(2 * length, bodyBytes));
        reservation.take(room - bytes.length);
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
  }
}

async function nextPiece(reader: ReadableStreamDefaultReader<Uint8Array>) {
  try {
    return await reader.read();
  } catch {
    throw brokenOff();
  }
}

function brokenOff(): Refusal {
  return new Refusal(400, "Cannot read the body: it broke off; send it again");
}

function tooLong(bytes: number): Refusal {
  return new Refusal(
    413,
    `Cannot read the body: it is longer than ${bytes} bytes; send fewer images, or smaller ones`,
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
