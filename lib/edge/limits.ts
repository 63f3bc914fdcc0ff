/**
 * What a predictor takes from anybody. Together the limits keep it far below the 128 MB that Cloudflare gives a Worker:
 * what requests hold is counted (`heldBytes`), and what one of them makes of that for a moment is a few megabytes.
 */

export interface Limits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Pictures of a batch. */
  readonly pictures: number;
  /** Width and height of a PNG, in pixels. */
  readonly pngSide: number;
  /** Milliseconds until a body must have arrived. */
  readonly arrivalMs: number;
  /** Requests whose bodies are arriving or being read, at once. */
  readonly requests: number;
  /** Bytes of bodies and of unpacked PNGs, at once. */
  readonly heldBytes: number;
}

export const LIMITS: Limits = {
  bodyBytes: 2 ** 20,
  pictures: 256,
  pngSide: 1024,
  arrivalMs: 10_000,
  requests: 1024,
  heldBytes: 32 * 2 ** 20,
};
