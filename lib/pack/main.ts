/**
 * `deno task pack`: makes the npm package of the library, `dist/npm/`, and its tarball beside it. The same sources give the
 * same bytes.
 */

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import process from "node:process";
import { buildFailure } from "../bundler/build_failure.ts";
import { WeftError } from "../errors.ts";
import { packageFiles } from "./package_files.ts";
import { tarball } from "./tarball.ts";

const root = new URL("../../", import.meta.url);
const dist = new URL("dist/", root);
const folder = new URL("npm/", dist);

/** What an earlier package.json says that pack has written. */
interface Packed {
  readonly name?: string;
  readonly version?: string;
  readonly files?: readonly string[];
}

/** Removes what an earlier pack wrote, and nothing else: its package.json lists that. */
async function removeEarlier(name: string): Promise<void> {
  const earlier = await packedIn(folder);
  if (earlier === null) return;
  if (earlier.name !== name) {
    throw new WeftError(
      "it holds files and no earlier package; move them away, or give them another name",
    );
  }
  for (const path of ["package.json", ...earlier.files ?? []]) {
    if (/(^|\/)\.\.?(\/|$)|^\//.test(path)) continue; // None that pack has written.
    await rm(new URL(path, folder)).catch((error: { code?: string }) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

/** The package.json of a folder: empty where it has none and is not empty; null where there is nothing. */
async function packedIn(folder: URL): Promise<Packed | null> {
  try {
    return JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  } catch {
    const entries = await readdir(folder).catch((): string[] => []);
    return entries.length === 0 ? null : {};
  }
}

/** Whether nothing is there, or a tarball of an earlier pack. */
async function mayReplace(tarball: URL): Promise<boolean> {
  try {
    const bytes = await readFile(tarball).catch((error: { code?: string }) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    return bytes === null || gunzipSync(bytes).includes("package/chunks/");
  } catch {
    return false;
  }
}

async function pack(): Promise<void> {
  const files = await packageFiles(root);
  const { name, version }: Required<Packed> = JSON.parse(
    new TextDecoder().decode(files.get("package.json")),
  );
  await removeEarlier(name);
  for (const [path, contents] of files) {
    const to = new URL(path, folder);
    await mkdir(new URL(".", to), { recursive: true });
    await writeFile(to, contents);
  }
  const file = `${name.split("/").at(-1)}-${version}.tgz`;
  const packed = tarball(files);
  if (!await mayReplace(new URL(file, dist))) {
    throw new WeftError(`${file} beside it is no package of Weft's; move it away`);
  }
  await writeFile(new URL(file, dist), packed);
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  console.error(
    `Packed ${name} ${version}: ${files.size} files, ${bytes} bytes, in dist/npm/; dist/${file}: ${packed.length} bytes.`,
  );
}

if (import.meta.main) {
  try {
    await pack();
  } catch (error) {
    console.error(buildFailure("the package", "dist/npm/", error));
    if (process.argv.includes("--debug")) console.error(error);
    process.exit(1);
  }
}
