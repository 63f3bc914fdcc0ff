/**
 * What `export` bundles into `predictor.js`: everything is made when the module is loaded. In JavaScript, because
 * TypeScript does not know `import source` yet, which is how Deno and workerd both hand over a compiled module.
 *
 * esbuild leaves the two imports of WebAssembly as they are; lib/edge/export/templates.ts says where the texts and the origins
 * come from, and when `readRawRows` is undefined.
 */
import source kernels from "./kernels.wasm";
import source model from "./model.wasm";
import allowOrigins from "./allow_origins.js";
import css from "./page/page.css";
import html from "./page/page.html";
import js from "./page/page.ts";
import { makeHandler } from "./handler.ts";
import { Predictor } from "./predictor.ts";
import { readRawRows } from "./raw_rows.ts";

const fetch = makeHandler(
  new Predictor(kernels, model),
  { html, css, js },
  undefined,
  allowOrigins,
  readRawRows,
);

export default { fetch };
