/** Runs in the browser: brings the islands of a page to life, each with the properties that the server has given it. */

import { h, hydrate } from "preact";

const properties = JSON.parse(document.getElementById("island-props")?.textContent ?? "[]");

for (const element of document.querySelectorAll<HTMLElement>("[data-island]")) {
  const { island, props } = element.dataset;
  import(island!).then(({ default: Island }) =>
    hydrate(h(Island, properties[Number(props)]), element)
  );
}
