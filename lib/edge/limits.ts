/**
 * What a predictor takes from anybody. Together the limits keep what is alive far below the 128 MB that Cloudflare gives a
 * Worker: what requests hold is counted (`heldBytes`), and what one of them makes of that, one after the other, is at most
 * some 20 MB for a moment.
 */

export interface Limits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Images of a batch. */
  readonly images: number;
  /** Width and height of a PNG, in pixels. */
  readonly pngSide: number;
  /** Milliseconds until a body must have arrived. */
  readonly arrivalMs: number;
  /** Requests whose bodies are arriving or being read, at once. */
  readonly requests: number;
  /** Bytes of bodies, at once. */
  readonly heldBytes: number;
}

export const LIMITS: Limits = {
  bodyBytes: 2 ** 20,
  images: 256,
  pngSide: 1024,
  arrivalMs: 10_000,
  requests: 128,
  heldBytes: 8 * 2 ** 20,
};
