/** The licenses of other people's code that is in the package. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { WeftError } from "../errors.ts";
import { packageOf } from "./packages.ts";

/** Of the kernels' compiler; a copy, for nothing here imports it. */
const COMPILER = new URL("assemblyscript_license.txt", import.meta.url);

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:\.\w+)?$/i;

/**
 * @param specifiers of packages that are bundled, as their importers name them
 * @returns a text with the license files of each
 * @throws {WeftError} where a package has none
 */
export async function thirdPartyLicenses(specifiers: readonly string[]): Promise<string> {
  const texts = new Map<string, string>();
  for (const specifier of specifiers) {
    const found = packageOf(specifier);
    if (!found) throw new WeftError(`Cannot pack ${specifier}: its package cannot be found`);
    const { folder, description: { name, version, license } } = found;
    const entries = await readdir(folder);
    const files = entries.filter((file) => LICENSE_FILE.test(file));
    if (files.length === 0) {
      throw new WeftError(
        `Cannot pack ${name}: it comes without a license file; bundle another package`,
      );
    }
    const parts = [`${name} ${version} (${license})`];
    for (const file of files.sort()) {
      parts.push((await readFile(join(folder, file), "utf8")).trim());
    }
    texts.set(name, parts.join("\n\n"));
  }
  const heading = "Code of these packages is in this one, in its modules or in its kernels.";
  const all = [...texts].sort(([a], [b]) => a < b ? -1 : 1).map(([, text]) => text);
  return [heading, (await readFile(COMPILER, "utf8")).trim(), ...all].join(
    `\n\n${"-".repeat(80)}\n\n`,
  ) + "\n";
}
