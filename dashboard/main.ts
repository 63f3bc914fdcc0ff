/** Shows runs on a local page: `deno task dashboard [--port N] [--runs DIR]`. The npm host; see fresh.ts for the other. */

import { printError } from "../lib/cli/output.ts";
import { site } from "./build/site.ts";
import { createApp } from "./host/app.tsx";
import { Assets } from "./host/assets.ts";
import { runCommand } from "./host/command.ts";
import { sortRoutes } from "./host/site.ts";

const here = new URL("./", import.meta.url);

if (import.meta.main) {
  await runCommand("deno task dashboard", (store) =>
    createApp({
      routes: sortRoutes(site.routes),
      client: { entry: site.entry, islands: new Map(site.islands), imports: site.imports },
      assets: new Assets(here.pathname),
      store,
      onError: (error) => printError(Deno.inspect(error)),
    }).fetch);
}
