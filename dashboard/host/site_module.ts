/** Writes `dashboard/build/site.ts`: what the server is made of, as a module that imports it all. */

/** Where browsers find what lies in `build/`. */
const BASE = "/build/";

/**
 * @param routes paths from `routes/`
 * @param bundles file names in `build/`, by the paths of what they were made of from `dashboard/`
 */
export function siteModule(
  routes: readonly string[],
  bundles: ReadonlyMap<string, string>,
): string {
  const islands = [...bundles.keys()].filter((path) => path.startsWith("islands/"));
  const lines = [
    'import type { Site } from "../host/site.ts";',
    ...routes.map((path, i) =>
      `import * as route${i} from ${JSON.stringify(`../routes/${path}`)};`
    ),
    ...islands.map((path, i) => `import island${i} from ${JSON.stringify(`../${path}`)};`),
    "",
    "export const site: Site = {",
    "  routes: {",
    ...routes.map((path, i) => `    ${JSON.stringify(path)}: route${i},`),
    "  },",
    `  entry: ${JSON.stringify(BASE + bundles.get("host/client.ts"))},`,
    "  islands: [",
    ...islands.map((path, i) => `    [island${i}, ${JSON.stringify(BASE + bundles.get(path))}],`),
    "  ],",
    "};",
  ];
  return `${lines.join("\n")}\n`;
}
