/** Writes options.md beside this file. `deno task docs` runs it. */
import { referencePage } from "../../lib/config/reference_page.ts";

Deno.writeTextFileSync(new URL("options.md", import.meta.url), referencePage());
