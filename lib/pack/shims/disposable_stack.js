/**
 * Takes the places of `DisposableStack` and `SuppressedError` in the package, in engines without them: Node 20 and 22, Safari,
 * Chrome before 134, Firefox before 141. As far as the library uses them.
 */
import "./symbol_dispose.js";

const Suppressed = globalThis.SuppressedError ?? class extends Error {
  constructor(error, suppressed, message) {
    super(message);
    this.name = "SuppressedError";
    this.error = error;
    this.suppressed = suppressed;
  }
};

const Stack = globalThis.DisposableStack ?? class {
  #disposed = false;
  /** What is to be done at the end, the last first. */
  #ends = [];

  get disposed() {
    return this.#disposed;
  }

  use(value) {
    if (value != null) this.defer(() => value[Symbol.dispose]());
    return value;
  }

  adopt(value, onDispose) {
    this.defer(() => onDispose(value));
    return value;
  }

  defer(onDispose) {
    if (this.#disposed) throw new ReferenceError("Cannot add to a stack that has been disposed of");
    this.#ends.push(onDispose);
  }

  move() {
    if (this.#disposed) throw new ReferenceError("Cannot move a stack that has been disposed of");
    const moved = new Stack();
    moved.#ends = this.#ends;
    this.#ends = [];
    this.#disposed = true;
    return moved;
  }

  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    let failure;
    while (this.#ends.length > 0) {
      try {
        this.#ends.pop()();
      } catch (error) {
        failure = { error: failure ? new Suppressed(error, failure.error) : error };
      }
    }
    if (failure) throw failure.error;
  }

  [Symbol.dispose]() {
    this.dispose();
  }
};

export { Stack as DisposableStack, Suppressed as SuppressedError };
