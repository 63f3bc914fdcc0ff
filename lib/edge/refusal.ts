/** A request that cannot be answered, and what the sender should know. */

export class Refusal extends Error {
  override name = "Refusal";

  /**
   * @param status of HTTP: 4xx where the request must change, 500 where the model must, 503 where it may be sent again
   * @param message one line: what was asked, why it cannot be, the value, what to do
   * @param headers that the answer has besides those of every answer
   */
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** A request that is fine, but comes together with too many others. */
export function busy(what: string): Refusal {
  return new Refusal(503, `Cannot take this request now: ${what}; send it again in a second`, {
    "retry-after": "1",
  });
}
