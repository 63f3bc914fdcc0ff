/** Modules of the package with what `export` writes: bundled now, because the package has no bundler. */

import { moduleTemplate, predictorTemplate } from "../edge/export/templates.ts";

/** @returns modules by their addresses, as shims/export_templates.js imports them */
export async function prebuiltTemplates(): Promise<Map<string, { contents: string }>> {
  const templates = {
    image: await predictorTemplate("image"),
    table: await predictorTemplate("table"),
    module: await moduleTemplate(),
  };
  return new Map(
    Object.entries(templates).map(([name, text]) => [
      new URL(`shims/prebuilt_${name}.js`, import.meta.url).href,
      { contents: `export default ${JSON.stringify(text)};` },
    ]),
  );
}
