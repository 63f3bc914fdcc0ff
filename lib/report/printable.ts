/** What a terminal may be shown. It is apart because what fetches data prints, and imports no package. */

/**
 * `text` on one line, without the characters that steer a terminal or turn the direction of its
 * text.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}
