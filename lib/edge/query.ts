/** Reads the query of `/predict`. A word that means nothing is refused: the answer would be to something else. */

import { Refusal } from "./refusal.ts";

export interface PredictQuery {
  /** Whether an image is dark on light. */
  readonly invert: boolean;
}

const TRUE = ["1", "true", "yes", "on"];
const FALSE = ["0", "false", "no", "off"];

/**
 * @param search the same with its `?`: only there `?invert`, which asks for it, differs from `?invert=`
 * @throws {Refusal} 400
 */
export function readQuery(query: URLSearchParams, search: string): PredictQuery {
  for (const name of query.keys()) {
    if (name !== "invert") {
      throw unusable(`there is no parameter ${described(name)}`, "invert is the only one");
    }
  }
  const values = query.getAll("invert");
  if (values.length === 0 || search === "?invert") return { invert: values.length > 0 };
  if (values.length > 1) throw unusable(`invert comes ${values.length} times`, "send it once");
  const value = values[0].toLowerCase();
  if (TRUE.includes(value)) return { invert: true };
  if (FALSE.includes(value)) return { invert: false };
  throw unusable(
    `invert is ${described(values[0])}`,
    `send one of ${[...TRUE, ...FALSE].join(", ")}`,
  );
}

function described(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

function unusable(why: string, right: string): Refusal {
  return new Refusal(400, `Cannot read the query: ${why}; ${right}`);
}
