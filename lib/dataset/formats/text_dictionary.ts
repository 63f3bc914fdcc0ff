/** Distinct texts of a column, found by their bytes: most cells of a column of categories are decoded never. */

const FIRST_SLOTS = 256;

export class TextDictionary {
  /** Distinct texts in the order in which they came. */
  readonly texts: string[] = [];
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #bytes: Uint8Array[] = [];
  readonly #hashes: number[] = [];
  /** An index into `texts`, plus one, at the place of a hash or the next free one; 0 is free. */
  #slots = new Int32Array(FIRST_SLOTS);

  /**
   * The index of a text in `texts`, which it joins if it is new.
   *
   * @param bytes UTF-8, of which those from `start` to `end` are meant
   * @throws {TypeError} if they are no UTF-8
   */
  indexOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end);
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (; this.#slots[slot] !== 0; slot = (slot + 1) & mask) {
      const index = this.#slots[slot] - 1;
      if (this.#hashes[index] === hash && equal(this.#bytes[index], bytes, start, end)) {
        return index;
      }
    }
    const own = bytes.slice(start, end);
    this.texts.push(this.#decoder.decode(own));
    this.#bytes.push(own);
    this.#hashes.push(hash);
    this.#slots[slot] = this.texts.length;
    if (this.texts.length * 2 > this.#slots.length) this.#grow();
    return this.texts.length - 1;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    this.#hashes.forEach((hash, index) => {
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    });
    this.#slots = slots;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash >>> 0;
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
