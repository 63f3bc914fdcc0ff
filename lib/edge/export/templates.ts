/**
 * What `export` writes, with gaps for what it knows of the model: bundled from the sources here, and in the npm package, which
 * has no bundler, when that was packed (lib/pack/prebuilt.ts).
 */

import { bundle } from "../../bundler/bundler.ts";
import { host } from "../../host/mod.ts";
import type { PageFiles } from "../handler.ts";
import { gapModule } from "./gaps.ts";

const edge = new URL("../", import.meta.url);

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

/** `predictor.js`, with a gap for the origins of other sites whose pages may ask. */
export async function predictorTemplate(kind: PageKind): Promise<string> {
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
      [urlOf("allow_origins.js"), gapModule("origins")],
    ]),
    // What both runtimes have: `import source`, `using`.
    target: "esnext",
  });
  return text;
}

/** The module of `--format module`, with gaps for the packed model and both builds of the kernels, in base64. */
export async function moduleTemplate(): Promise<string> {
  const { files: [{ text }] } = await bundle({
    entryPoints: [urlOf("module_entry.js")],
    made: new Map([
      [urlOf("model_text.js"), gapModule("model")],
      [urlOf("../../assembly/build/predictor.js"), gapModule("relaxed")],
      [urlOf("../../assembly/build/predictor_strict.js"), gapModule("strict")],
    ]),
  });
  return text;
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
