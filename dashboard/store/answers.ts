/** Answers that several addresses give. */

/** @param why a sentence without a full stop */
export function refusal(status: number, why: string): Response {
  return Response.json({ error: why }, { status });
}

export function noSuchRun(): Response {
  return refusal(404, "there is no run of that name");
}

/** Where something is wrong with the server, of whose insides no answer speaks. */
export function failure(): Response {
  return refusal(500, "this could not be answered; the dashboard's terminal says why");
}

/** Bytes that a browser may keep, and ask by their digest whether they are still the same. */
export async function keptAnswer(
  { headers }: Request,
  bytes: Uint8Array<ArrayBuffer>,
  type: string,
  cacheControl = "no-cache",
): Promise<Response> {
  const digest = await crypto.subtle.digest("SHA-1", bytes);
  const etag = `"${new Uint8Array(digest).toHex()}"`;
  const kept = { etag, "cache-control": cacheControl };
  if (headers.get("if-none-match") === etag) {
    return new Response(null, { status: 304, headers: kept });
  }
  return new Response(bytes, { headers: { ...kept, "content-type": type } });
}
