/**
 * Checks that imports go in one direction only:
 *
 *     main.ts -> lib/cli -> lib/train -> lib/config -> lib/task -> lib/nn -> lib/backend/ <- lib/backends/*
 *                   |          ^
 *                   +-> lib/measure
 *
 * that no file imports itself by way of others (types and dynamic imports included), and that only the dashboard's host on
 * Fresh imports from JSR, which cannot be reached everywhere.
 *
 * Exits with 1 and a line for each import that does not, and for each circle.
 */

/** What each place may import besides npm packages; the longest prefix that fits a file is its place. */
const ALLOWED: Record<string, readonly string[]> = {
  "main.ts": ["lib/cli/", "lib/errors.ts"],
  "assembly/": [
    "assembly/",
    "lib/backend/",
    "lib/backends/wasm/job_table.ts",
    "lib/bundler/build_failure.ts",
  ],
  "data/": [
    "data/",
    "lib/bytes/",
    "lib/dataset/",
    "lib/run_log/atomic_file.ts",
    "lib/errors.ts",
  ],
  "dashboard/": [
    "dashboard/",
    "lib/bundler/",
    "lib/cli/arguments.ts",
    "lib/cli/output.ts",
    "lib/cli/places.ts",
    "lib/cli/suggestions.ts",
    "lib/local_server/",
    "lib/run_log/",
    "lib/errors.ts",
  ],
  "lib/mod.ts": [
    "lib/backend.ts",
    "lib/backend/",
    "lib/backends/mod.ts",
    "lib/config/",
    "lib/dataset/",
    "lib/errors.ts",
    "lib/model/",
    "lib/nn/",
    "lib/task/",
    "lib/train/",
  ],
  "lib/errors.ts": [],
  "lib/checks.ts": ["lib/errors.ts"],
  "lib/backend.ts": ["lib/backend/"],
  "lib/backend/": ["lib/backend/"],
  "lib/backends/mod.ts": ["lib/backends/", "lib/backend/", "lib/errors.ts"],
  "lib/backends/reference/": ["lib/backends/reference/", "lib/backend/", "lib/random/hashes.ts"],
  "lib/backends/wasm/": [
    "lib/backends/wasm/",
    "lib/backend/",
    "lib/errors.ts",
    "assembly/build/",
  ],
  "lib/backends/webgpu/": ["lib/backends/webgpu/", "lib/backend/", "lib/errors.ts"],
  "lib/bundler/": ["lib/bundler/"],
  "lib/bytes/": ["lib/bytes/", "lib/errors.ts"],
  "lib/cli/": ["lib/", "data/", "deno.json"],
  // Above lib/nn and lib/task, whose names it offers as choices; it knows no data and no training.
  "lib/config/": ["lib/config/", "lib/task/", "lib/nn/", "lib/errors.ts"],
  "lib/dataset/": ["lib/dataset/", "lib/bytes/sniff.ts", "lib/random/", "lib/errors.ts"],
  // What runs at the edge knows nothing of those who export it.
  "lib/edge/": [
    "lib/edge/",
    "lib/backend/",
    "lib/backends/wasm/block_depth.ts",
    "lib/image/",
    "lib/nn/activations.ts",
    "lib/errors.ts",
  ],
  "lib/edge/export/": [
    "lib/edge/",
    "lib/bundler/",
    "lib/model/",
    "lib/nn/",
    "lib/errors.ts",
    "assembly/build/",
  ],
  "lib/image/": ["lib/image/", "lib/bytes/sniff.ts", "lib/errors.ts"],
  "lib/interchange/": ["lib/interchange/", "lib/model/", "lib/nn/", "lib/errors.ts"],
  "lib/local_server/": ["lib/local_server/"],
  "lib/measure/": [
    "lib/measure/",
    "lib/backend.ts",
    "lib/backend/",
    "lib/backends/mod.ts",
    "lib/config/",
    "lib/dataset/",
    "lib/nn/",
    "lib/random/",
    "lib/train/",
    "lib/run_log/compare_schema.ts",
    "lib/errors.ts",
  ],
  "lib/model/": [
    "lib/model/",
    "lib/bytes/json_keys.ts",
    "lib/bytes/sniff.ts",
    "lib/nn/",
    "lib/errors.ts",
  ],
  "lib/nn/": ["lib/nn/", "lib/backend.ts", "lib/backend/", "lib/random/", "lib/errors.ts"],
  "lib/random/": ["lib/random/", "lib/errors.ts"],
  "lib/report/": ["lib/report/"],
  "lib/run_log/": ["lib/run_log/", "lib/bytes/", "lib/errors.ts"],
  "lib/search/": [
    "lib/search/",
    "lib/bytes/json_keys.ts",
    "lib/random/",
    "lib/run_log/search_schema.ts",
    "lib/errors.ts",
  ],
  // What is learned of rows: knows no training.
  "lib/task/": [
    "lib/task/",
    "lib/checks.ts",
    "lib/dataset/",
    "lib/nn/",
    "lib/backend.ts",
    "lib/backend/",
    "lib/errors.ts",
  ],
  "lib/train/": [
    "lib/train/",
    "lib/checks.ts",
    "lib/task/",
    "lib/config/",
    "lib/nn/",
    "lib/model/",
    "lib/dataset/",
    "lib/random/",
    "lib/backend.ts",
    "lib/backend/",
    "lib/backends/mod.ts",
    "lib/errors.ts",
  ],
};

const FROM_JSR = /(?:from|import)\s*\(?\s*"(?:jsr:|fresh["\/])/;

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder || ".")) {
    const path = folder + name;
    if (isDirectory && path !== "data/cache" && path !== "assembly/build") {
      yield* sources(`${path}/`);
    } else if (isFile && /\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name)) yield path;
  }
}

function placeOf(path: string): string | undefined {
  const places = Object.keys(ALLOWED).filter((place) => path.startsWith(place));
  return places.sort((a, b) => b.length - a.length)[0];
}

const wrong: string[] = [];
const top = ["assembly/", "data/", "lib/"];
for await (const entry of Deno.readDir(".")) if (entry.name === "dashboard") top.push("dashboard/");
const paths = ["main.ts"];
for (const folder of top) for await (const path of sources(folder)) paths.push(path);
/** What each file imports. */
const imports = new Map<string, readonly string[]>();
for (const path of paths) {
  const place = placeOf(path);
  if (place === undefined) {
    wrong.push(`${path} is in no place that tests/import_directions.ts knows`);
  }
  const text = await Deno.readTextFile(path);
  if (path !== "dashboard/fresh.ts" && FROM_JSR.test(text)) {
    wrong.push(`${path} imports from JSR, and only dashboard/fresh.ts may`);
  }
  // Examples in comments import the library by its own name.
  const imported = [...text.matchAll(IMPORT)]
    .map(([, target]) => new URL(target, `file:///${path}`).pathname.slice(1))
    .filter((imported) => imported !== path);
  imports.set(path, imported);
  for (const target of imported) {
    if (place && !ALLOWED[place].some((prefix) => target.startsWith(prefix))) {
      wrong.push(
        `${path} imports ${target}, and ${place} may import ${ALLOWED[place].join(", ")}`,
      );
    }
  }
}

/** Circles that begin at `path`, each told once; `way` leads there. A file in `done` is part of none that is not yet told. */
function findCircles(path: string, way: readonly string[], done: Set<string>): void {
  const at = way.indexOf(path);
  if (at >= 0) wrong.push(`Files import each other: ${[...way.slice(at), path].join(" -> ")}`);
  if (at >= 0 || done.has(path)) return;
  for (const imported of imports.get(path) ?? []) findCircles(imported, [...way, path], done);
  done.add(path);
}

const done = new Set<string>();
for (const path of paths) findCircles(path, [], done);
for (const line of wrong) console.error(line);
if (wrong.length > 0) Deno.exit(1);
console.error(`Imports of ${paths.length} files go the right way, and in no circle.`);
