/** Makes `predictor.js`, the one module that answers requests. */

import { host } from "../../host/mod.ts";
import { bundle } from "../../bundler/bundler.ts";
import type { PageFiles } from "../handler.ts";

const edge = new URL("../", import.meta.url);

/** By its first line a folder is known as one that `export` has made. */
export const FIRST_LINE =
  "// A predictor for the edge, made by Weft. See https://deno.com and workerd.\n";

/**
 * @param allowOrigins of other sites whose pages may ask, or `*`
 * @returns the module: the handler, and the page's files as texts
 */
export async function bundlePredictor(allowOrigins: readonly string[]): Promise<Uint8Array> {
  const { css, js } = await bundlePage();
  const { files: [{ text }] } = await bundle({
    entryPoints: [urlOf("entry.js")],
    made: new Map([
      [urlOf("page/page.css"), { contents: css, loader: "text" }],
      [urlOf("page/page.ts"), { contents: js, loader: "text" }],
      [urlOf("allow_origins.js"), {
        contents: `export default ${JSON.stringify(allowOrigins)};`,
        loader: "js",
      }],
    ]),
    // What both runtimes have: `import source`, `using`.
    target: "esnext",
  });
  return new TextEncoder().encode(FIRST_LINE + text);
}

/** The files of the predictor's page. */
export async function bundlePage(): Promise<PageFiles> {
  const { files } = await bundle({ entryPoints: [urlOf("page/page.ts"), urlOf("page/page.css")] });
  const textOf = (name: string) => files.find(({ path }) => path === `/${name}`)!.text;
  const html = await host.readTextFile(new URL("page/page.html", edge));
  return { html, css: textOf("page.css"), js: textOf("page.js") };
}

function urlOf(path: string): string {
  return new URL(path, edge).href;
}
