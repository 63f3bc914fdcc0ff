import assert from "node:assert/strict";
import { filesBelow } from "../host/assets.ts";
import { styleSheet } from "./styles.ts";

Deno.test("every style sheet beside a component is served, once", async () => {
  const folder = new URL("./", import.meta.url);
  const paths = [...filesBelow(folder.pathname)].filter((path) => path.endsWith(".css"));
  const served = await styleSheet();
  for (const path of paths) {
    const sheet = await Deno.readTextFile(new URL(path, folder));
    assert.equal(served.split(sheet).length, 2, path);
  }
});
