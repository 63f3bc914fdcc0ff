/**
 * What every request must be, and what every answer says, so that no other site's page can read or use the dashboard
 * through a browser. Used by both hosts.
 */

import { isNamedBy, LOCAL_NAMES } from "../../lib/local_server/host_names.ts";

/**
 * Nothing but this server's own files; no script or style inside of a page. Images are also made by the page itself:
 * `data:` and `blob:`.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "x-frame-options": "DENY",
};

/** The answer to a request that must not be answered otherwise; null where it may. */
export function refuse({ url, method, headers }: Request): Response | null {
  if (!isNamedBy(headers, LOCAL_NAMES)) {
    return text(403, "Open the dashboard at the address that it printed, on this machine.");
  }
  if (method !== "GET" && method !== "HEAD") {
    return text(405, "The dashboard only shows; it changes nothing.", { allow: "GET, HEAD" });
  }
  if (!isPlain(url)) return text(400, "There can be no such address.");
  return null;
}

/** Whether an address is text and climbs nowhere, so that nothing behind the guard must look for either. */
function isPlain(url: string): boolean {
  try {
    return !decodeURIComponent(url.split("?", 1)[0]).split("/").includes("..");
  } catch {
    return false;
  }
}

/**
 * The same answer with what every answer says.
 *
 * @param nonce of scripts that the host itself puts into pages, where it does
 */
export function secure(response: Response, nonce?: string): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  const policy = POLICY.join("; ");
  headers.set(
    "content-security-policy",
    nonce ? policy.replaceAll(/(script|style)-src 'self'/g, `$& 'nonce-${nonce}'`) : policy,
  );
  // What a run has said so far is old a moment later.
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

/** An answer of one line. */
export function text(status: number, message: string, headers: HeadersInit = {}): Response {
  return new Response(`${message}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", ...headers },
  });
}
