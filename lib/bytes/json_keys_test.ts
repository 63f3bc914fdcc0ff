import assert from "node:assert/strict";
import fc from "fast-check";
import { repeatedKey } from "./json_keys.ts";

Deno.test("a key that comes twice in one object is found, at any depth and however it is written", () => {
  assert.equal(repeatedKey('{"a":1,"b":2,"a":3}'), "a");
  assert.equal(repeatedKey('{"a":[{"b":{"c":1, "c" : 2}}]}'), "c");
  assert.equal(repeatedKey('{"a":"x","\\u0061":"y"}'), "a");
  assert.equal(repeatedKey('{"__proto__":1,"__proto__":2}'), "__proto__");
});

Deno.test("what only looks like it is none", () => {
  const once = ['{"a":"a","b":["a","a"]}', '[{"a":1},{"a":1}]', '{"a":{"a":{"a":1}}}'];
  for (const text of [...once, '{"a":"\\"a\\":","b":"}{"}', "1", '""', "[[[[]]]]"]) {
    assert.equal(repeatedKey(text), null, text);
  }
  fc.assert(fc.property(fc.json(), (text) => {
    // What JSON.stringify writes of a parsed value has each key once.
    assert.equal(repeatedKey(JSON.stringify(JSON.parse(text))), null);
  }));
});
