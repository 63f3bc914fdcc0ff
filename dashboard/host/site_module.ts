/** Writes `dashboard/build/site.ts`: what the server is made of, as a module that imports it all. */

/** Where browsers find what lies in `build/`. */
const BASE = "/build/";

/** A module in `build/`, and all that it imports, at once or later. */
export interface Bundle {
  readonly file: string;
  readonly imports: readonly string[];
}

/**
 * @param routes paths from `routes/`
 * @param bundles by the paths of what they were made of from `dashboard/`
 */
export function siteModule(
  routes: readonly string[],
  bundles: ReadonlyMap<string, Bundle>,
): string {
  const islands = [...bundles.keys()].filter((path) => path.startsWith("islands/"));
  const address = (path: string) => JSON.stringify(BASE + bundles.get(path)!.file);
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
    `  entry: ${address("host/client.ts")},`,
    "  islands: [",
    ...islands.map((path, i) => `    [island${i}, ${address(path)}],`),
    "  ],",
    "  imports: {",
    ...[...bundles].map(([path, { imports }]) =>
      `    ${address(path)}: ${JSON.stringify(imports.map((file) => BASE + file))},`
    ),
    "  },",
    "};",
  ];
  return `${lines.join("\n")}\n`;
}
