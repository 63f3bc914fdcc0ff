/** Which of the two values of a binary target counts as a yes. */
import { didYouMean } from "../../did_you_mean.ts";
import { UsageError } from "../../errors.ts";
import type { DistinctValues } from "./distinct_values.ts";
import { cellText } from "../preprocessing/cells.ts";

/** The first of these that is a value. */
const USUAL = ["yes", "true", "1", "positive"];

/** @throws {UsageError} if the one that was asked for is no value */
export function positiveValue(
  { values, counts }: DistinctValues,
  wanted: string | undefined,
  column: string,
): { readonly value: string; readonly why: string } {
  if (wanted !== undefined) {
    const value = cellText(wanted) ?? wanted;
    if (values.includes(value)) return { value, why: "as asked for" };
    const meant = didYouMean(wanted, values);
    throw new UsageError(
      `Cannot take ${JSON.stringify(wanted)} for the positive value of ${JSON.stringify(column)}: ${
        meant === null ? "" : `did you mean ${JSON.stringify(meant)}? `
      }its values are ${values.map((it) => JSON.stringify(it)).join(" and ")}`,
    );
  }
  for (const usual of USUAL) {
    const value = values.find((value) => value.toLowerCase() === usual);
    if (value !== undefined) return { value, why: "by its name" };
  }
  const rarer = counts[0] < counts[1] ? 0 : 1;
  return {
    value: values[rarer],
    why: counts[0] === counts[1] ? "the second one" : "the rarer one",
  };
}
