import assert from "node:assert/strict";
import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { encodeIdxLabels } from "../../tests/support/idx_files.ts";
import { stripedModel } from "../../tests/support/striped_images.ts";
import { encodeOnnx } from "../interchange/onnx.ts";
import { encodeModel } from "../model/model_file.ts";
import { sniff, sniffed } from "./sniff.ts";

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** A zip of one file, up to its data. */
function zip(name: string): Uint8Array {
  const length = String.fromCharCode(name.length, 0);
  const header = `PK\x03\x04${"\0".repeat(22)}${length}\0\0${name}`;
  return Uint8Array.from([...latin1(header), ...deflateRawSync(latin1("content"))]);
}

Deno.test("files are told from each other by their first bytes", () => {
  const files: [bytes: Uint8Array, what: RegExp][] = [
    [latin1("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"), /^a Git LFS po/],
    [latin1("<!DOCTYPE html><html>"), /^an HTML page$/],
    [latin1("\xef\xbb\xbf\n  <html lang=en>"), /^an HTML page$/],
    [latin1("<?xml version='1.0'?><Error>"), /^an XML document$/],
    [latin1("<svg xmlns="), /^an SVG drawing$/],
    [zip("archive/data.pkl"), /^a zip \(a PyTorch \.pt\?\)$/],
    [zip("x.npy"), /^a zip of NumPy arrays \(\.npz\)$/],
    [zip("[Content_Types].xml"), /^an Office document$/],
    [latin1("\x80\x02}q\0."), /^a pickle of Python/],
    [gzipSync(latin1("x")), /^gzip$/],
    [latin1("\x89PNG\r\n\x1a\n"), /^a PNG image$/],
    [latin1("\xff\xd8\xff\xe0"), /^a JPEG image$/],
    [latin1("RIFF\x01\0\0\0WEBPVP8 "), /^a WebP image$/],
    [latin1("BM\x36\0\0\0\0\0\0\0"), /^a BMP image$/],
    [latin1("%PDF-1.7"), /^a PDF document$/],
    [latin1("\x89HDF\r\n\x1a\n"), /^an HDF5 file/],
    [latin1("\x93NUMPY\x01\0"), /^a NumPy array/],
    [encodeOnnx(stripedModel()), /^an ONNX model$/],
    [encodeModel(stripedModel()), /^a safetensors file$/],
    [encodeIdxLabels([1, 2]), /^an IDX file$/],
    [latin1('{"type":"run","schema":1}\n'), /^the log of a run$/],
    [latin1('{"learning-rate": 1}'), /^JSON$/],
    [latin1("\xff\xfe{\0"), /^text in UTF-16$/],
    [new Uint8Array(20), /^nothing but zeros$/],
  ];
  for (const [bytes, what] of files) assert.match(sniff(bytes)?.what ?? "nothing", what);
});

Deno.test("plain text, nothing and any other bytes are nothing that is known", () => {
  for (const text of ["", "no image", "a,b\n1,2\n", "\x01\x02\x03"]) {
    assert.equal(sniff(latin1(text)), null, text);
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
    assert.match(sniff(bytes)?.what ?? "null", /^\S/);
  }));
});

Deno.test("a header whose length looks like gzip is that of safetensors all the same", () => {
  const bytes = new Uint8Array(0x088b1f + 8).fill(0x20);
  bytes.set([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0x7b]);
  assert.equal(sniff(bytes)?.format, "safetensors");
});

Deno.test("what was expected is no news", () => {
  assert.equal(sniffed(encodeIdxLabels([1]), "IDX", "look"), null);
  assert.equal(sniffed(encodeIdxLabels([1]), "PNG", "look"), "it is an IDX file; look");
  assert.equal(sniffed(zip("x.npy"), "PNG", "look"), "it is a zip of NumPy arrays (.npz); look");
  assert.match(sniffed(latin1("<html>"), "PNG", "look")!, /^it is an HTML page; download the file/);
});
