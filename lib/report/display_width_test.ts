import assert from "node:assert/strict";
import fc from "fast-check";
import { displayWidth, padEnd, padStart, printable, truncate } from "./display_width.ts";

Deno.test("Hangul takes two columns, Latin one, a combining accent none", () => {
  assert.equal(displayWidth("Ankle boot"), 10);
  assert.equal(displayWidth("앵클부츠"), 8);
  assert.equal(displayWidth("e\u0301"), 1);
});

Deno.test("padding counts columns, not characters", () => {
  assert.equal(padEnd("가방", 6), "가방  ");
  assert.equal(padStart("가방", 6), "  가방");
  assert.equal(padStart("가방", 3), "가방");
});

Deno.test("truncating never takes more columns than there are, nor half a character", () => {
  assert.equal(truncate("Sandal", 4), "Sand");
  assert.equal(truncate("앵클부츠", 5), "앵클");
  assert.equal(truncate("Ankle boot", 6), "Ankle");
  assert.equal(truncate("e\u0301e\u0301e\u0301", 2), "e\u0301e\u0301");
  const text = fc.string({ unit: "grapheme" }).map(printable);
  fc.assert(fc.property(text, fc.nat({ max: 20 }), (text, width) => {
    const short = truncate(text, width);
    assert(text.startsWith(short));
    assert(displayWidth(short) <= width);
  }));
});

Deno.test("a name cannot steer the terminal", () => {
  assert.equal(printable("a\u001b[31mb\nc\u202ed"), "a\ufffd[31mb\ufffdc\ufffdd");
  assert.equal(printable("티셔츠/윗도리 👩‍👩‍👦"), "티셔츠/윗도리 👩‍👩‍👦");
});
