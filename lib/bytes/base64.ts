/** Bytes from base64. Engines without `Uint8Array.fromBase64` (Node 24, Chrome 139) all have `atob`. */

/** @throws {DOMException} if `text` is not base64 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}
