/** Pages that run the scenario, on their main thread or in a module worker. */

/** Both load the package's files as they are, without a bundler. */
const WORK = (options: string) => `
import * as weft from "/index.js";
import * as predict from "/predict.js";
import { scenario } from "/scenario.js";
const answer = async () => {
  try {
    return await scenario(weft, predict, ${options});
  } catch (error) {
    return { error: error.name + ": " + error.message };
  }
};
`;

const TELL =
  `const tell = (answer) => fetch("/answer", { method: "POST", body: JSON.stringify(answer) });`;

const HTML =
  `<!doctype html><meta charset="utf-8"><title>Weft</title><link rel="icon" href="data:,">
<script type="module" src="/page.js"></script>`;

export type Where = "page" | "worker";

/** Files by path; `options` is what `createBackend` gets, as JavaScript. */
export function pagesOf(
  where: Where,
  scenario: string,
  options = '{ simd: "strict" }',
): Record<string, string> {
  return {
    "index.html": HTML,
    "scenario.js": scenario,
    "page.js": where === "page" ? `${WORK(options)}${TELL} tell(await answer());` : `${TELL}
const worker = new Worker("/worker.js", { type: "module" });
worker.onmessage = ({ data }) => tell(data);
worker.onerror = ({ message }) => tell({ error: message });`,
    "worker.js": `${WORK(options)} postMessage(await answer());`,
  };
}
