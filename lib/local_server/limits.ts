/** Limits of a server on this machine, so that no client can keep it from the others. */

export interface ServerLimits {
  /** Connections at once. A browser opens six to a server; a process may often have 1,024 files open, sometimes 256. */
  readonly connections: number;
  /** Milliseconds that a connection may wait with its request even when others wait for its place. */
  readonly graceMs: number;
  /** Milliseconds until a connection must have sent the head of its next request. */
  readonly headMs: number;
  /** Milliseconds within which a reader must take a part of its answer. */
  readonly stalledMs: number;
  /** Milliseconds that a connection stays open after its last answer, so that the answer is read before it closes. */
  readonly lingerMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
  connections: 64,
  graceMs: 200,
  headMs: 10_000,
  stalledMs: 30_000,
  lingerMs: 1_000,
};
