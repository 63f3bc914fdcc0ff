/**
 * Which names a request may call this machine by. Another name that leads here is an attack: DNS rebinding, by which the
 * page of another site would read what only this machine may see.
 */

/** Names by which this machine calls itself. */
export const LOCAL_NAMES = ["127.0.0.1", "localhost", "[::1]"];

/** A name or an address in the form that a URL has, in lower case, and perhaps a port. */
const HOST = /^([a-z\d._~-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?$/;

/**
 * The name in a Host header, in lower case and without the port.
 *
 * @returns null where it is none
 */
export function nameOfHost(host: string): string | null {
  const [, name, port = "0"] = HOST.exec(host.toLowerCase()) ?? [];
  return name === undefined || Number(port) > 65_535 ? null : name;
}

/** Whether the Host of a request is one of these names, at any port. */
export function isNamedBy(headers: Headers, names: readonly string[]): boolean {
  const name = nameOfHost(headers.get("host") ?? "");
  return name !== null && names.includes(name);
}
