/**
 * The program `weft` of the npm package, on Node, Bun and Deno. It says itself where the runtime is too old, because the
 * modules that it loads then may not even be read by one.
 */

import process from "node:process";

/** The oldest that the package is for; see manifest.ts. */
const LEAST_NODE = 20;

function refusal(): string | null {
  const { node, bun, deno } = process.versions as Record<string, string | undefined>;
  if (!bun && !deno && !(Number.parseInt(node!) >= LEAST_NODE)) {
    return `Cannot run weft: this is Node ${node}, and Weft needs Node ${LEAST_NODE} or newer, Bun or Deno; install one of these`;
  }
  if (process.argv[2] !== "dashboard") return null;
  return "Cannot run weft dashboard: the package has no dashboard; run deno task dashboard in a checkout of Weft";
}

async function run(): Promise<number> {
  const refused = refusal();
  if (refused !== null) {
    console.error(`error: ${refused}`);
    return 2;
  }
  const [{ main }, { withoutSeparator }] = await Promise.all([
    import("../../main.ts"),
    import("../cli/arguments.ts"),
  ]);
  return main(withoutSeparator(process.argv.slice(2)));
}

// Not `process.exitCode`: workers that serve no more would keep the process.
run().then(process.exit);
