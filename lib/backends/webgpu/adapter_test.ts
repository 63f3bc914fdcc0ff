import assert from "node:assert/strict";
import { namedAdapter, nameOf } from "./adapter.ts";

const [card, other, software] = [
  { name: "NVIDIA GeForce RTX 4090" },
  { name: "Intel Arc A770" },
  { name: "llvmpipe (LLVM 15.0.6, 256 bits)" },
];
const adapters = [card, other, software];

Deno.test("an adapter is named by its place, or by a part of its name in any case", () => {
  assert.equal(namedAdapter(adapters, "1"), other);
  assert.equal(namedAdapter(adapters, "geforce"), card);
  assert.equal(namedAdapter(adapters, "LLVMpipe"), software);
  for (const nobody of ["", "Voodoo 3", "99"]) {
    assert.equal(namedAdapter(adapters, nobody), undefined);
  }
});

Deno.test("a number that is no place is a part of a name", () => {
  assert.equal(namedAdapter(adapters, "4090"), card);
  assert.equal(namedAdapter(adapters, "770"), other);
  // A place goes before a name, here one with a 15 in it.
  assert.equal(namedAdapter([software, card], "1"), card);
});

Deno.test("an adapter that a browser masks is known by its vendor and its architecture", () => {
  const masked = { description: "", device: "" };
  const inChromium = { ...masked, vendor: "nvidia", architecture: "hopper" };
  const inFirefox = { ...masked, vendor: "", architecture: "" };
  const named = [{ name: nameOf(inFirefox) }, { name: nameOf(inChromium) }];
  assert.deepEqual(named.map(({ name }) => name), ["unnamed adapter", "nvidia hopper"]);
  assert.equal(namedAdapter(named, "NVIDIA"), named[1]);
  assert.equal(namedAdapter(named, "hopper"), named[1]);
  const inDeno = {
    description: "llvmpipe (LLVM 15)",
    device: "0",
    vendor: "65541",
    architecture: "",
  };
  assert.equal(nameOf(inDeno), "llvmpipe (LLVM 15)");
});
