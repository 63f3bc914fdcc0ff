import assert from "node:assert/strict";
import {
  FASHION_MNIST_CLASS_NAMES,
  numberedClassNames,
  translateClassNames,
} from "./class_names.ts";

Deno.test("Fashion-MNIST has ten class names in each language, all different", () => {
  for (const names of Object.values(FASHION_MNIST_CLASS_NAMES)) {
    assert.equal(new Set(names).size, 10);
  }
});

Deno.test("classes without names are called by their numbers", () => {
  assert.deepEqual(numberedClassNames(3), ["0", "1", "2"]);
});

Deno.test("names are translated where a translation is known, and else stay", () => {
  assert.deepEqual(translateClassNames(["Bag", "Hat", "Coat"], "ko"), ["가방", "Hat", "코트"]);
  assert.deepEqual(translateClassNames(["Bag", "Hat"], "en"), ["Bag", "Hat"]);
});
