/** Collects the cells of a column, row by row, and finds out whether they are numbers or text. */

import { type Column, HOLES, numberText } from "../table.ts";
import { numberIn } from "./number_cell.ts";
import { PackedNumbers } from "./packed_numbers.ts";
import { TextDictionary } from "./text_dictionary.ts";

const encoder = new TextEncoder();
const HOLE_BYTES = [...HOLES].filter((hole) => hole !== "").map((hole) => encoder.encode(hole));
const LONGEST_HOLE = Math.max(...HOLE_BYTES.map(({ length }) => length));

/** Grows by doubling, and from bytes to wider elements once indices need them. */
class Codes {
  #values: Int8Array | Int16Array | Int32Array = new Int8Array(1024);
  #length = 0;

  push(code: number): void {
    if (this.#length === this.#values.length) {
      this.#values = copied(this.#values, this.#values.length * 2);
    }
    if (code > 0x7f && this.#values instanceof Int8Array) {
      this.#values = Int16Array.from(this.#values);
    }
    if (code > 0x7fff && this.#values instanceof Int16Array) {
      this.#values = Int32Array.from(this.#values);
    }
    this.#values[this.#length++] = code;
  }

  view(): Int8Array | Int16Array | Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}

function copied<T extends Int8Array | Int16Array | Int32Array>(values: T, length: number): T {
  const copy = new (values.constructor as new (length: number) => T)(length);
  copy.set(values);
  return copy;
}

export class ColumnBuilder {
  #numbers: PackedNumbers | null = new PackedNumbers();
  #dictionary: TextDictionary | null = null;
  #codes = new Codes();
  #stray: { line: number; text: string } | undefined;

  constructor(readonly name: string) {}

  /**
   * Adds a cell.
   *
   * @param bytes UTF-8, of which those from `start` to `end` are the cell, without spaces around it
   * @param line  of the file
   * @throws {TypeError} if they are no UTF-8
   */
  add(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (isHole(bytes, start, end)) this.addHole();
    else if (this.#numbers === null) this.#addText(bytes, start, end);
    else {
      const value = numberIn(bytes, start, end);
      if (Number.isFinite(value)) this.#numbers.push(value);
      else {
        this.#becomeText();
        this.#addText(bytes, start, end);
        const { texts } = this.#dictionary!;
        if (texts.length > 1) this.#stray = { line, text: texts[texts.length - 1] };
      }
    }
  }

  addHole(): void {
    if (this.#numbers) this.#numbers.push(NaN);
    else this.#codes.push(-1);
  }

  /** Adds a number that is finite. */
  addNumber(value: number): void {
    if (this.#numbers) this.#numbers.push(value);
    else this.#push(numberText(value));
  }

  /** Adds a text as `add` does. */
  addString(text: string, line: number): void {
    const bytes = encoder.encode(text);
    this.add(bytes, 0, bytes.length, line);
  }

  build(): Column {
    const { name } = this;
    if (this.#numbers) return { kind: "number", name, values: this.#numbers };
    const texts = this.#dictionary!.texts;
    const stray = this.#stray ? { strayText: this.#stray } : {};
    return { kind: "text", name, codes: this.#codes.view(), texts, ...stray };
  }

  #addText(bytes: Uint8Array, start: number, end: number): void {
    const value = numberIn(bytes, start, end);
    // 1 and 1.0 are one value, in a column of text too.
    if (Number.isFinite(value)) this.#push(numberText(value));
    else this.#codes.push(this.#dictionary!.indexOf(bytes, start, end));
  }

  #push(text: string): void {
    const bytes = encoder.encode(text);
    this.#codes.push(this.#dictionary!.indexOf(bytes, 0, bytes.length));
  }

  /** What has been taken for numbers becomes text. */
  #becomeText(): void {
    const numbers = this.#numbers!;
    this.#numbers = null;
    this.#dictionary = new TextDictionary();
    for (let row = 0; row < numbers.length; row++) {
      const value = numbers.at(row)!;
      if (Number.isNaN(value)) this.#codes.push(-1);
      else this.#push(numberText(value));
    }
  }
}

function isHole(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return true;
  if (length > LONGEST_HOLE) return false;
  // Digits, signs and points begin no hole, and most cells begin with them.
  if (bytes[start] < 63 && bytes[start] >= 43) return false;
  return HOLE_BYTES.some((hole) =>
    hole.length === length && hole.every((byte, i) => bytes[start + i] === byte)
  );
}
