/** Base64 for engines without `Uint8Array.fromBase64` and `toBase64` (Node 24, Chrome 139): all have `atob` and `btoa`. */

/** @throws {DOMException} if `text` is not base64 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

/** Bytes that become characters in one call; engines take no more arguments than some ten thousand. */
const PIECE = 1 << 13;

export function encodeBase64(bytes: Uint8Array): string {
  const characters: string[] = [];
  for (let i = 0; i < bytes.length; i += PIECE) {
    characters.push(String.fromCharCode(...bytes.subarray(i, i + PIECE)));
  }
  return btoa(characters.join(""));
}
