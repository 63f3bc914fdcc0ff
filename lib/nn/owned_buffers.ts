/** Buffers of a back end that are released together. */
import type { Backend } from "../backend/mod.ts";

type Buffer = Parameters<Backend["release"]>[0];

/** A function that lets `owned` release the buffer that it is given, and returns that. */
export function ownerOf(
  owned: DisposableStack,
  backend: Backend,
): <T extends Buffer>(buffer: T) => T {
  return (buffer) => owned.adopt(buffer, () => backend.release(buffer));
}
