/** What a user of the package imports: a line an entry point. */
import { host } from "../host/mod.ts";

export interface Entry {
  /** As package.json's `exports` and deno.json's have it. */
  readonly name: string;
  /** Its module here, from the root of the checkout. */
  readonly source: string;
  /** Name of its module in the package, without extension. */
  readonly module: string;
}

export const ENTRIES: readonly Entry[] = [
  { name: ".", source: "lib/mod.ts", module: "index" },
  { name: "./predict", source: "lib/predict.ts", module: "predict" },
];

/** Of ENTRIES those whose module exists in the checkout at `root`. */
export async function presentEntries(root: URL): Promise<readonly Entry[]> {
  const present = await Promise.all(
    ENTRIES.map(({ source }) => host.stat(new URL(source, root)).then(() => true, () => false)),
  );
  return ENTRIES.filter((_, i) => present[i]);
}
