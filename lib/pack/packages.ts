/** Packages of npm, where Deno keeps them. */

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is read of a package.json. */
export interface Description {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly types?: string;
  // deno-lint-ignore no-explicit-any -- it may have any form, and is asked for what it has
  readonly exports?: any;
}

export interface FoundPackage {
  readonly folder: string;
  readonly description: Description;
}

/** The package that `specifier` names; undefined where it names none that this process has loaded something of. */
export function packageOf(specifier: string): FoundPackage | undefined {
  let address: string;
  try {
    address = import.meta.resolve(specifier);
  } catch {
    return undefined;
  }
  if (!address.startsWith("file:")) return undefined;
  const path = fileURLToPath(address);
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const description = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      // Folders of a package may have a package.json that says no more than the kind of its modules.
      if (description.version) return { folder, description };
    } catch {
      continue; // None in this folder.
    }
  }
  return undefined;
}
