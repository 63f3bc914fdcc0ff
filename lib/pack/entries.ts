/** What a user of the package imports: a line an entry point. */

import { existsSync } from "node:fs";

export interface Entry {
  /** As package.json's `exports` and deno.json's have it. */
  readonly name: string;
  /** Its module here, from the root of the checkout. */
  readonly source: string;
  /** Name of its module in the package, without extension. */
  readonly module: string;
  /** What it imports from npm, all of which is bundled. */
  readonly packages?: readonly string[];
}

export const ENTRIES: readonly Entry[] = [
  { name: ".", source: "lib/mod.ts", module: "index" },
  { name: "./predict", source: "lib/predict.ts", module: "predict" },
  {
    name: "./parquet",
    source: "lib/parquet.ts",
    module: "parquet",
    packages: ["hyparquet", "hyparquet-compressors"],
  },
  {
    name: "./images",
    source: "lib/images.ts",
    module: "images",
    packages: [
      "fflate",
      "@jsquash/jpeg/mozjpeg_dec.js",
      "@jsquash/jpeg/mozjpeg_dec.wasm",
      "@jsquash/webp/webp_dec.js",
      "@jsquash/webp/webp_dec.wasm",
    ],
  },
];

/** The program of the package, package.json's `bin`. */
export const PROGRAM: Entry = {
  name: "weft",
  source: "lib/pack/installed_main.ts",
  module: "weft",
  packages: ["commander", "string-width", "valibot"],
};

/** Of ENTRIES those whose module exists in the checkout at `root`. */
export function presentEntries(root: URL): readonly Entry[] {
  return ENTRIES.filter(({ source }) => existsSync(new URL(source, root)));
}
