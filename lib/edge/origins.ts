/**
 * Pages of other origins (CORS): a browser lets them ask, and read the answer, where the answer allows their origin. For a
 * request with JSON or an image it asks beforehand, with OPTIONS.
 */

/** Any origin. */
const ANY = "*";

/** Seconds for which a browser remembers that it may ask. */
const REMEMBERED_S = "600";

/** The answer to a browser that asks beforehand; null where the request is none of those, or its origin is not allowed. */
export function answerPreflight(
  request: Request,
  methods: readonly string[],
  allowed: readonly string[],
): Response | null {
  const { method, headers } = request;
  if (method !== "OPTIONS" || !headers.has("access-control-request-method")) return null;
  if (allowedOrigin(headers, allowed) === null) return null;
  const answer = new Headers({
    "access-control-allow-methods": methods.join(", "),
    "access-control-allow-headers": "content-type",
    "access-control-max-age": REMEMBERED_S,
  });
  // A browser asks so for a page from the network that turns to this machine.
  if (headers.get("access-control-request-private-network") === "true") {
    answer.set("access-control-allow-private-network", "true");
  }
  return new Response(null, { status: 204, headers: answer });
}

/** Marks an answer, whatever it says, as one that the page that asked may read, if it may. */
export function allowOrigin(answer: Headers, { headers }: Request, allowed: readonly string[]) {
  if (allowed.length === 0) return;
  const origin = allowedOrigin(headers, allowed);
  if (origin !== null) answer.set("access-control-allow-origin", origin);
  if (origin !== ANY) answer.append("vary", "origin");
}

/** Null where it is not allowed. */
function allowedOrigin(headers: Headers, allowed: readonly string[]): string | null {
  if (allowed.includes(ANY)) return ANY;
  const origin = headers.get("origin");
  return origin !== null && allowed.includes(origin) ? origin : null;
}
