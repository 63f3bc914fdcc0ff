/**
 * A kernel cannot read a buffer that it also writes, so where an input is other rows of its output's
 * storage, the kernel is given a copy. Only unusual programs need one.
 */
import type { Memory } from "./memory.ts";
import type { Recorder } from "./recorder.ts";
import type { Storage } from "./storage.ts";

export class Aliases {
  constructor(readonly recorder: Recorder, readonly memory: Memory) {}

  /** `input`, or a copy of it for the next dispatch where it is also an output. */
  apart(input: Storage, output: Storage, other = output): Storage {
    if (input !== output && input !== other) return input;
    const copy = this.memory.storage(input.bytes);
    this.recorder.copy(input.buffer, 0, copy.buffer, 0, input.bytes);
    this.memory.retire(copy);
    return copy;
  }
}
