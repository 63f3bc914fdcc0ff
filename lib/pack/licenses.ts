/** The licenses of other people's code that is in the package. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { WeftError } from "../errors.ts";
import type { Packages } from "./packages.ts";

/** Of the kernels' compiler; a copy, for nothing here imports it. */
const COMPILER = new URL("assemblyscript_license.txt", import.meta.url);

/** In any folder of a package: compiled code has licenses of its own. */
const LICENSE_FILE = /(?:^|\/)(?:licen[cs]e|copying|notice)(?:\.\w+)*$/i;

/**
 * @returns a text with the license files of each package that was bundled
 * @throws {WeftError} where a package has none
 */
export async function thirdPartyLicenses({ all }: Packages): Promise<string> {
  const texts = [(await readFile(COMPILER, "utf8")).trim()];
  for (const { folder, description: { name, version, license } } of all) {
    const files = (await readdir(folder, { recursive: true })).filter((file) =>
      LICENSE_FILE.test(file)
    ).sort();
    if (files.length === 0) {
      throw new WeftError(
        `Cannot pack ${name}: it comes without a license file; bundle another package`,
      );
    }
    const parts = [`${name} ${version} (${license})`];
    for (const file of files) parts.push((await readFile(join(folder, file), "utf8")).trim());
    texts.push(parts.join("\n\n"));
  }
  const heading = "Code of these packages is in this one, in its modules or in its kernels.";
  return [heading, ...texts].join(`\n\n${"-".repeat(80)}\n\n`) + "\n";
}
