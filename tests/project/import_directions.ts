/**
 * Checks that imports go in one direction only:
 *
 *     main.ts -> lib/cli -> lib/train -> lib/config -> lib/task -> lib/nn -> lib/backend/ <- lib/backends/*
 *                   |          ^
 *                   +-> lib/measure
 *
 * that no file imports itself by way of others (types and dynamic imports included), that only the dashboard's host on
 * Fresh imports from JSR, which cannot be reached everywhere, that the library needs no package, and that no page loads the
 * schemas of files, which only the server reads.
 *
 * Exits with 1 and a line for each import that does not, and for each circle.
 */

/** What any component may import. */
const DRAWING = ["dashboard/chart/", "dashboard/live/", "dashboard/shared/", "lib/run_log/"];

/** What each place may import besides npm packages; the longest prefix that fits a file is its place. */
const ALLOWED: Record<string, readonly string[]> = {
  "main.ts": ["lib/host/", "lib/cli/", "lib/errors.ts"],
  "assembly/": [
    "assembly/",
    "lib/backend/",
    "lib/backends/wasm/job_table.ts",
    "lib/bundler/build_failure.ts",
  ],
  "data/": [
    "lib/host/",
    "data/",
    "lib/bytes/",
    "lib/dataset/",
    "lib/run_log/shared/atomic_file.ts",
    "lib/errors.ts",
  ],
  "dashboard/": [
    "lib/host/",
    "dashboard/",
    "lib/bundler/",
    "lib/config/",
    "lib/cli/arguments.ts",
    "lib/cli/output.ts",
    "lib/cli/places.ts",
    "lib/cli/suggestions.ts",
    "lib/local_server/",
    "lib/run_log/",
    "lib/errors.ts",
  ],
  // One room of components knows those before it.
  "dashboard/components/ui/": [...DRAWING, "dashboard/components/ui/"],
  "dashboard/components/chart/": [
    ...DRAWING,
    "dashboard/components/ui/",
    "dashboard/components/chart/",
  ],
  "dashboard/components/run/": [
    ...DRAWING,
    "dashboard/components/ui/",
    "dashboard/components/chart/",
    "dashboard/components/run/",
  ],
  "dashboard/components/search/": [
    ...DRAWING,
    "dashboard/components/ui/",
    "dashboard/components/search/",
  ],
  "dashboard/components/compare/": [
    ...DRAWING,
    "dashboard/components/ui/",
    "dashboard/components/run/",
    "dashboard/components/compare/",
  ],
  "lib/mod.ts": [
    "lib/backend/",
    "lib/backends/mod.ts",
    "lib/config/",
    "lib/dataset/",
    "lib/errors.ts",
    "lib/interchange/",
    "lib/model/",
    "lib/interchange/onnx.ts",
    "lib/nn/",
    "lib/task/",
    "lib/train/",
    "lib/types.ts",
  ],
  "lib/types.ts": [
    "lib/backend/",
    "lib/backends/wasm/kernels.ts",
    "lib/config/",
    "lib/dataset/",
    "lib/model/",
    "lib/nn/",
    "lib/random/",
    "lib/task/",
    "lib/train/",
  ],
  // Its kernels and the forward pass alone.
  "lib/predict.ts": ["lib/dataset/preprocessing/", "lib/edge/", "lib/errors.ts", "lib/model/"],
  "lib/parquet.ts": ["lib/dataset/", "lib/mod.ts", "lib/errors.ts"],
  "lib/errors.ts": [],
  "lib/did_you_mean.ts": [],
  "lib/checks.ts": ["lib/errors.ts"],
  "lib/backend/": ["lib/backend/"],
  "lib/backends/mod.ts": ["lib/backends/", "lib/backend/", "lib/errors.ts"],
  "lib/backends/runtime.ts": ["lib/errors.ts"],
  "lib/backends/reference/": ["lib/backends/reference/", "lib/backend/", "lib/random/hashes.ts"],
  "lib/backends/wasm/": [
    "lib/backends/wasm/",
    "lib/backend/",
    "lib/bytes/base64.ts",
    "lib/errors.ts",
    "assembly/build/",
  ],
  "lib/backends/webgpu/": ["lib/backends/webgpu/", "lib/backend/", "lib/errors.ts"],
  "lib/bundler/": ["lib/host/", "lib/bundler/", "lib/errors.ts"],
  "lib/bytes/": ["lib/host/", "lib/bytes/", "lib/errors.ts"],
  "lib/cli/": ["lib/", "data/", "deno.json"],
  "lib/pack/installed_main.ts": ["main.ts", "lib/cli/arguments.ts"],
  // Above lib/nn and lib/task, whose names it offers as choices; it knows no data and no training.
  "lib/config/": ["lib/config/", "lib/task/", "lib/nn/", "lib/errors.ts"],
  "lib/dataset/": [
    "lib/dataset/",
    "lib/checks.ts",
    "lib/bytes/",
    "lib/did_you_mean.ts",
    "lib/random/",
    "lib/errors.ts",
  ],
  // What runs at the edge knows nothing of those who export it.
  "lib/edge/": [
    "lib/edge/",
    "lib/backend/",
    "lib/backends/wasm/block_depth.ts",
    "lib/backends/wasm/convolution_pass.ts",
    "lib/dataset/formats/csv.ts",
    "lib/dataset/preprocessing/",
    "lib/image/",
    "lib/bytes/base64.ts",
    "lib/nn/activations.ts",
    "lib/nn/layer.ts",
    "lib/errors.ts",
    "assembly/build/",
  ],
  "lib/edge/export/": [
    "lib/host/",
    "lib/edge/",
    "lib/bytes/base64.ts",
    "lib/bundler/",
    "lib/model/",
    "lib/nn/",
    "lib/errors.ts",
    "assembly/build/",
  ],
  // What the machine is asked for.
  "lib/host/": ["lib/host/"],
  // An entry point of its own, because it needs packages.
  "lib/images.ts": ["lib/images/", "lib/image/decoded_image.ts", "lib/mod.ts"],
  "lib/images/": [
    "lib/images/",
    "lib/image/",
    "lib/bytes/sniff.ts",
    "lib/checks.ts",
    "lib/dataset/",
    "lib/errors.ts",
  ],
  "lib/image/": ["lib/image/", "lib/bytes/sniff.ts", "lib/errors.ts"],
  "lib/interchange/": [
    "lib/interchange/",
    "lib/dataset/preprocessing/preprocessing.ts",
    "lib/dataset/table.ts",
    "lib/model/",
    "lib/nn/",
    "lib/errors.ts",
  ],
  "lib/local_server/": ["lib/local_server/"],
  "lib/pack/": [
    "lib/pack/",
    "lib/backends/mod.ts",
    "lib/bundler/",
    "lib/bytes/base64.ts",
    "lib/edge/export/",
    "lib/errors.ts",
    "assembly/build/",
  ],
  "lib/measure/": [
    "lib/host/",
    "lib/measure/",
    "lib/backend/",
    "lib/backends/mod.ts",
    "lib/config/",
    "lib/dataset/",
    "lib/nn/",
    "lib/random/",
    "lib/train/",
    "lib/run_log/comparison/comparison.ts",
    "lib/errors.ts",
  ],
  "lib/model/": [
    "lib/backend/",
    "lib/model/",
    "lib/dataset/preprocessing/",
    "lib/bytes/",
    "lib/nn/",
    "lib/errors.ts",
  ],
  "lib/mpi/": [
    "lib/host/",
    "lib/mpi/",
    "lib/train/process_group.ts",
    "lib/backend/mod.ts",
    "lib/errors.ts",
  ],
  "lib/nats/": ["lib/nats/", "lib/errors.ts"],
  "lib/nn/": ["lib/nn/", "lib/backend/", "lib/random/", "lib/errors.ts"],
  "lib/random/": ["lib/random/", "lib/errors.ts"],
  "lib/report/": ["lib/host/", "lib/report/"],
  "lib/run_log/comparison/": [
    "lib/run_log/comparison/",
    "lib/run_log/run/metrics.ts",
    "lib/run_log/shared/",
  ],
  "lib/run_log/inspection/": ["lib/run_log/inspection/", "lib/run_log/shared/"],
  "lib/run_log/run/": ["lib/host/", "lib/run_log/run/", "lib/run_log/shared/", "lib/errors.ts"],
  "lib/run_log/search/": [
    "lib/host/",
    "lib/run_log/search/",
    "lib/run_log/run/",
    "lib/run_log/shared/",
    "lib/errors.ts",
  ],
  "lib/run_log/summary/": ["lib/run_log/summary/", "lib/run_log/run/", "lib/run_log/shared/"],
  "lib/run_log/shared/": ["lib/host/", "lib/run_log/shared/", "lib/bytes/", "lib/errors.ts"],
  "lib/search/": [
    "lib/search/",
    "lib/bytes/json_keys.ts",
    "lib/did_you_mean.ts",
    "lib/random/",
    "lib/run_log/search/measure.ts",
    "lib/run_log/search/search.ts",
    "lib/errors.ts",
  ],
  // What is learned of rows: knows no training.
  "lib/task/": [
    "lib/task/",
    "lib/checks.ts",
    "lib/dataset/",
    "lib/nn/",
    "lib/backend/",
    "lib/errors.ts",
  ],
  "lib/train/": [
    "lib/train/",
    "lib/bytes/hex.ts",
    "lib/checks.ts",
    "lib/did_you_mean.ts",
    "lib/task/",
    "lib/config/",
    "lib/nn/",
    "lib/model/",
    "lib/dataset/",
    "lib/random/",
    "lib/backend/",
    "lib/backends/mod.ts",
    "lib/errors.ts",
  ],
};

const FROM_JSR = /(?:from|import)\s*\(?\s*"(?:jsr:|fresh["\/])/;

/** Where the machine may be asked without lib/host: servers, and what the library may do where there is Deno. */
const OWN_HOST = [
  "assembly/",
  "dashboard/",
  "lib/host/",
  "lib/local_server/",
  "lib/backends/webgpu/readback.ts",
];

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

const STATEMENT = /^(?:import|export)\s+(?!type\b)([^;"]*?)\s*from\s*"([^"]+)"/gm;

/** Names in braces of which each is a type. */
const TYPES_ALONE = /^\{(\s*type [\w ]+,?)*\s*\}$/;

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
/** What each file needs when it runs, and not its types alone: paths, and names of packages. */
const needs = new Map<string, readonly string[]>();
for (const path of paths) {
  const place = placeOf(path);
  if (place === undefined) {
    wrong.push(`${path} is in no place that tests/project/import_directions.ts knows`);
  }
  const text = await Deno.readTextFile(path);
  if (path !== "dashboard/fresh.ts" && FROM_JSR.test(text)) {
    wrong.push(`${path} imports from JSR, and only dashboard/fresh.ts may`);
  }
  const code = text.replaceAll(/^\s*(\*|\/\*|\/\/).*$/gm, "");
  if (/\bDeno\.[a-zA-Z]/.test(code) && !OWN_HOST.some((prefix) => path.startsWith(prefix))) {
    wrong.push(`${path} uses Deno, and only lib/host may: import { host } from it`);
  }
  // Examples in comments import the library by its own name.
  const imported = [...text.matchAll(IMPORT)]
    .map(([, target]) => new URL(target, `file:///${path}`).pathname.slice(1))
    .filter((imported) => imported !== path);
  imports.set(path, imported);
  const needed = [...text.matchAll(STATEMENT)].filter(([, names]) => !TYPES_ALONE.test(names));
  needs.set(
    path,
    needed.map(([, , target]) =>
      target.startsWith(".") ? new URL(target, `file:///${path}`).pathname.slice(1) : target
    ),
  );
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

/** All that a file needs when it runs, and what that needs; `way` leads to each. */
function* reached(
  path: string,
  way: readonly string[] = [],
  seen = new Set<string>(),
): Generator<{ readonly target: string; readonly way: readonly string[] }> {
  for (const target of needs.get(path) ?? []) {
    if (seen.has(target)) continue;
    seen.add(target);
    yield { target, way: [...way, path] };
    yield* reached(target, [...way, path], seen);
  }
}

for (const entry of ["lib/mod.ts", "lib/predict.ts"]) {
  for (const { target, way } of reached(entry)) {
    if (/^[a-z@]/.test(target) && !paths.includes(target) && !/\.[a-z]+$/.test(target)) {
      wrong.push(`The library needs ${target}: ${way.join(" -> ")}`);
    }
  }
}
const inBrowser = paths.filter((path) => /^dashboard\/(islands\/|host\/client)/.test(path));
for (const entry of inBrowser) {
  for (const { target, way } of reached(entry)) {
    if (target === "valibot") wrong.push(`A page would load ${target}: ${way.join(" -> ")}`);
  }
}
for (const line of wrong) console.error(line);
if (wrong.length > 0) Deno.exit(1);
console.error(`Imports of ${paths.length} files go the right way, and in no circle.`);
