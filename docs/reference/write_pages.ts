/** Writes the pages beside this file that are made of tables in the sources. `deno task docs` runs it. */
import { commandsPage } from "../../lib/cli/reference_page.ts";
import { referencePage } from "../../lib/config/reference_page.ts";

Deno.writeTextFileSync(new URL("options.md", import.meta.url), referencePage());
Deno.writeTextFileSync(new URL("commands.md", import.meta.url), commandsPage());
