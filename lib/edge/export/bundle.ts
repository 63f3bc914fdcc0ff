/** Makes `predictor.js`, the one module that answers requests. */

import { host } from "../../host/mod.ts";
import { bundle } from "../../bundler/bundler.ts";
import type { PageFiles } from "../handler.ts";

const edge = new URL("../", import.meta.url);

/** By its first line a folder is known as one that `export` has made. */
export const FIRST_LINE =
  "// A predictor for the edge, made by Weft. See https://deno.com and workerd.\n";

/** What somebody gives on the page: an image, or the cells of a row. */
export type PageKind = "image" | "table";

const PAGES = {
  image: { html: "page/page.html", script: "page/page.ts" },
  table: { html: "page/form.html", script: "page/form.ts" },
};

/** In place of a module that exports one function, which nobody will call. */
function absent(path: string, name: string) {
  return [urlOf(path), { contents: `export const ${name} = undefined;`, loader: "js" }] as const;
}

/**
 * @param allowOrigins of other sites whose pages may ask, or `*`
 * @returns the module: the handler, and the page's files as texts
 */
export async function bundlePredictor(
  allowOrigins: readonly string[],
  kind: PageKind,
): Promise<Uint8Array> {
  const { css, js, html } = await bundlePage(kind);
  const { files: [{ text }] } = await bundle({
    entryPoints: [urlOf("entry.js")],
    made: new Map([
      [urlOf("page/page.css"), { contents: css, loader: "text" }],
      [urlOf("page/page.ts"), { contents: js, loader: "text" }],
      [urlOf("page/page.html"), { contents: html, loader: "text" }],
      // What reads CSV and encodes rows is large, and so is what decodes images: a predictor needs one of them.
      absent(
        kind === "table" ? "png_row.ts" : "raw_rows.ts",
        kind === "table" ? "rowOfPng" : "readRawRows",
      ),
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
export async function bundlePage(kind: PageKind): Promise<PageFiles> {
  const { html, script } = PAGES[kind];
  const { files } = await bundle({ entryPoints: [urlOf(script), urlOf("page/page.css")] });
  const textOf = (end: string) => files.find(({ path }) => path.endsWith(end))!.text;
  return {
    html: await host.readTextFile(new URL(html, edge)),
    css: textOf(".css"),
    js: textOf(".js"),
  };
}

function urlOf(path: string): string {
  return new URL(path, edge).href;
}
