/** The licenses of other people's code that is in the package. */

import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { host } from "../host/mod.ts";
import { WeftError } from "../errors.ts";

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
    const folder = await packageFolder(fileURLToPath(import.meta.resolve(specifier)));
    const { name, version, license } = JSON.parse(
      await host.readTextFile(join(folder, "package.json")),
    );
    const entries = await Array.fromAsync(host.readDir(folder));
    const files = entries.map((entry) => entry.name).filter((file) => LICENSE_FILE.test(file));
    if (files.length === 0) {
      throw new WeftError(
        `Cannot pack ${name}: it comes without a license file; bundle another package`,
      );
    }
    const parts = [`${name} ${version} (${license})`];
    for (const file of files.sort()) {
      parts.push((await host.readTextFile(join(folder, file))).trim());
    }
    texts.set(name, parts.join("\n\n"));
  }
  const heading = "Code of these packages is in this one, in its modules or in its kernels.";
  const all = [...texts].sort(([a], [b]) => a < b ? -1 : 1).map(([, text]) => text);
  return [heading, (await host.readTextFile(COMPILER)).trim(), ...all].join(
    `\n\n${"-".repeat(80)}\n\n`,
  ) + "\n";
}

/** The folder above a module that is a package's. */
async function packageFolder(path: string): Promise<string> {
  for (let folder = dirname(path);; folder = dirname(folder)) {
    const text = await host.readTextFile(join(folder, "package.json")).catch(() => "{}");
    // Folders of a package may have a package.json that names no package, only the kind of its modules.
    if (JSON.parse(text).version) return folder;
    if (folder === dirname(folder)) throw new WeftError(`Cannot pack ${path}: it is in no package`);
  }
}
