import assert from "node:assert/strict";
import { commandsPage } from "./reference_page.ts";

Deno.test("docs/reference/commands.md has what the commands say", async () => {
  const path = new URL("../../docs/reference/commands.md", import.meta.url);
  assert.equal(await Deno.readTextFile(path), commandsPage(), 'run "deno task docs"');
});
