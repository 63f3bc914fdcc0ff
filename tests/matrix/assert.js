/** As much of `node:assert/strict` as the conformance suite asks for, in a browser. */

class AssertionError extends Error {
  name = "AssertionError";
}

function check(holds, message, otherwise) {
  if (holds) return;
  throw message instanceof Error ? message : new AssertionError(message ?? otherwise);
}

/** By what JSON does not tell apart, too: undefined, -0, NaN and kinds of arrays. */
function isDeepEqual(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return keys.length === others.length &&
    keys.every((key) => Object.hasOwn(b, key) && isDeepEqual(a[key], b[key]));
}

function requireThrown(error, expected) {
  if (expected instanceof RegExp) check(expected.test(String(error)), undefined, `${error}`);
  else if (expected?.prototype === undefined && typeof expected === "function") {
    check(expected(error) === true, undefined, `${error}`);
  } else if (typeof expected === "function") {
    check(error instanceof expected, undefined, `${error}`);
  } else if (typeof expected === "object") {
    for (const [key, value] of Object.entries(expected)) {
      const holds = value instanceof RegExp
        ? value.test(error[key])
        : isDeepEqual(error[key], value);
      check(holds, undefined, `${key}: ${error[key]}`);
    }
  }
}

export default function assert(value, message) {
  check(value, message, `${value} is not true`);
}

Object.assign(assert, {
  ok: assert,
  AssertionError,
  equal: (a, b, message) => check(Object.is(a, b), message, `${a} is not ${b}`),
  notEqual: (a, b, message) => check(!Object.is(a, b), message, `both are ${a}`),
  deepEqual: (a, b, message) =>
    check(isDeepEqual(a, b), message, `${JSON.stringify(a)} is not ${JSON.stringify(b)}`),
  match: (text, pattern, message) => check(pattern.test(text), message, `${text}: no ${pattern}`),
  fail: (message) => check(false, message, "failed"),
  throws(action, expected) {
    let thrown = null;
    try {
      action();
    } catch (error) {
      thrown = { error };
    }
    check(thrown, undefined, "nothing was thrown");
    requireThrown(thrown.error, expected);
  },
  async rejects(action, expected) {
    let thrown = null;
    try {
      await (typeof action === "function" ? action() : action);
    } catch (error) {
      thrown = { error };
    }
    check(thrown, undefined, "nothing was thrown");
    requireThrown(thrown.error, expected);
  },
});
