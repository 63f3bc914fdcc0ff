/** What bodies of JSON have in common, whatever a row is. */
import { Refusal } from "./refusal.ts";

/** Made once, not for every body. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A body without a byte order mark, in UTF-8, as JSON is; anything wrong with it is the sender's.
 *
 * @param right what to send, as in `{"pixels": [...]}`
 */
// deno-lint-ignore no-explicit-any -- whatever was sent
export function parseJson(body: Uint8Array, right: string): any {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw unusable("it is not JSON", right);
  }
}

/** A value that somebody sent, no longer than a line can be. */
export function described(value: unknown): string {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

export function unusable(why: string, right: string): Refusal {
  return new Refusal(400, `Cannot predict from this body: ${why}; send ${right}`);
}
