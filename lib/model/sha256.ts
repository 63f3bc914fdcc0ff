/**
 * SHA-256 (FIPS 180-4) of bytes that are at hand. `crypto.subtle` has it too, but answers only later, and models are
 * encoded and decoded at once. Some 100 MB take a second.
 */

const BLOCK_BYTES = 64;

/** Bytes of the message's length, in bits, at its end. */
const LENGTH_BYTES = 8;

/** The first 32 bits of the fractional parts of `root` of the first `count` primes. */
function fractions(count: number, root: (n: number) => number): Int32Array {
  const words = new Int32Array(count);
  for (let n = 2, found = 0; found < count; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) isPrime &&= n % d !== 0;
    if (isPrime) words[found++] = (root(n) % 1) * 2 ** 32 | 0;
  }
  return words;
}

const CONSTANTS = fractions(64, Math.cbrt);
const INITIAL = fractions(8, Math.sqrt);

/**
 * @param parts of the message, in order
 * @returns 64 lower-case hexadecimal digits
 */
export function sha256(parts: Iterable<Uint8Array>): string {
  const state = INITIAL.slice();
  const words = new Int32Array(64);
  const rest = new Uint8Array(2 * BLOCK_BYTES);
  let filled = 0;
  let length = 0;
  for (const part of parts) {
    length += part.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(BLOCK_BYTES - filled, part.length);
      rest.set(part.subarray(0, at), filled);
      filled += at;
      if (filled < BLOCK_BYTES) continue;
      compress(state, words, rest, 0);
    }
    for (; at + BLOCK_BYTES <= part.length; at += BLOCK_BYTES) compress(state, words, part, at);
    filled = part.length - at;
    rest.set(part.subarray(at));
  }
  const end = filled + 1 + LENGTH_BYTES <= BLOCK_BYTES ? BLOCK_BYTES : 2 * BLOCK_BYTES;
  rest.fill(0, filled, end);
  rest[filled] = 0x80;
  new DataView(rest.buffer).setBigUint64(end - LENGTH_BYTES, 8n * BigInt(length));
  for (let at = 0; at < end; at += BLOCK_BYTES) compress(state, words, rest, at);
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Takes one block into the state; `w` is room for its schedule. The letters are the standard's. */
function compress(state: Int32Array, w: Int32Array, bytes: Uint8Array, at: number): void {
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15], y = w[t - 2];
    const s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
    const s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
    w[t] = w[t - 16] + s0 + w[t - 7] + s1 | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let t = 0; t < 64; t++) {
    const s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
    const t1 = h + s1 + (e & f ^ ~e & g) + CONSTANTS[t] + w[t] | 0;
    const s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
    const t2 = s0 + (a & b ^ a & c ^ b & c) | 0;
    h = g;
    g = f;
    f = e;
    e = d + t1 | 0;
    d = c;
    c = b;
    b = a;
    a = t1 + t2 | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}
