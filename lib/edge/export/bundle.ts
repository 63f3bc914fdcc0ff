/** Makes `predictor.js`, the one module that answers requests. */

import { bundle } from "../../bundler/bundler.ts";

const edge = new URL("../", import.meta.url);

/** By its first line a folder is known as one that `export` has made. */
export const FIRST_LINE =
  "// A predictor for the edge, made by Weft. See https://deno.com and workerd.\n";

/** @returns the module: the handler, and the page's files as texts */
export async function bundlePredictor(): Promise<Uint8Array> {
  const page = await bundle({ entryPoints: [urlOf("page/page.ts"), urlOf("page/page.css")] });
  const made = new Map(page.files.map(({ path, text }) => {
    const source = path.slice(1).replace(/\.js$/, ".ts");
    return [urlOf(`page/${source}`), { contents: text, loader: "text" } as const];
  }));
  const { files: [{ text }] } = await bundle({
    entryPoints: [urlOf("entry.js")],
    made,
    // What both runtimes have: `import source`, `using`.
    target: "esnext",
  });
  return new TextEncoder().encode(FIRST_LINE + text);
}

function urlOf(path: string): string {
  return new URL(path, edge).href;
}
