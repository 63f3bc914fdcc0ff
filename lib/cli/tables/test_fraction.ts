/** `--test`: a file, or a part of the rows. */
import { UsageError } from "../../errors.ts";

/** The part of the rows that `--test` asks for; null if it names a file, or is not given. */
export function testFraction(text: string | undefined): number | null {
  if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const fraction = Number(text);
  if (fraction > 0 && fraction < 1) return fraction;
  throw new UsageError(
    `Cannot test on ${text} of the rows: give a part between 0 and 1, such as 0.2, or a file`,
  );
}
