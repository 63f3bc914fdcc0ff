/** What an address for data answers where it has none. */

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
