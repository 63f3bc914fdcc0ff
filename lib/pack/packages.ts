/** Packages of npm that are bundled: where Deno keeps them, and which of their files are for every runtime. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { WeftError } from "../errors.ts";
import type { Entry } from "./entries.ts";

/** `exports` of a package.json, or a part of it. */
type Exported = string | { readonly [condition: string]: Exported };

/** What is read of a package.json. */
interface Description {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly types?: string;
  readonly module?: string;
  readonly main?: string;
  readonly exports?: Exported;
}

interface FoundPackage {
  readonly folder: string;
  readonly description: Description;
}

/** Conditions that hold everywhere: what a package has for browsers asks nothing of Node. */
const EVERYWHERE = ["browser", "import", "module", "default"];

/** Packages by their folders. */
export class Packages {
  readonly #found = new Map<string, FoundPackage>();

  private constructor() {}

  /** With what the entry points import at hand: Deno says where a package is once something of it is loaded. */
  static async of(entries: readonly Entry[]): Promise<Packages> {
    for (const specifier of entries.flatMap(({ packages = [] }) => packages)) {
      try {
        await import(specifier, { with: { type: "text" } });
      } catch (error) {
        throw new WeftError(
          `Cannot find the package ${specifier}: ${error}; lib/pack/deno.lock must name it ` +
            "(deno check --lock=lib/pack/deno.lock, with the module that imports it)",
        );
      }
    }
    return new Packages();
  }

  /** All that was asked for, in order of their names. */
  get all(): readonly FoundPackage[] {
    return [...this.#found.values()].sort((a, b) =>
      a.description.name < b.description.name ? -1 : 1
    );
  }

  /**
   * The address of the module that an import is of.
   *
   * @param importer the address of the module that imports: of Weft, or of a package
   */
  moduleOf(specifier: string, importer: string): string {
    const { folder, description } = this.#packageOf(specifier, importer);
    if (/^(?:@[^/]+\/)?[^/]+\//.test(specifier)) {
      return pathToFileURL(pathOf(specifier, importer)).href;
    }
    const { module, main = "index.js" } = description;
    const path = exportedBy(description, EVERYWHERE) ?? module ?? main;
    return pathToFileURL(join(folder, path)).href;
  }

  /** The path of a package's own declarations, as a module of Weft imports it; undefined where it has none. */
  typesOf(specifier: string): string | undefined {
    const { folder, description } = this.#packageOf(specifier, import.meta.url);
    const path = exportedBy(description, ["types", ...EVERYWHERE]) ?? description.types;
    return path?.endsWith(".d.ts") ? join(folder, path) : undefined;
  }

  #packageOf(specifier: string, importer: string): FoundPackage {
    const path = pathOf(specifier, importer);
    for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
      const description = descriptionIn(folder);
      // Folders of a package may have a package.json that says no more than the kind of its modules.
      if (!description?.version) continue;
      const found = { folder, description };
      this.#found.set(folder, found);
      return found;
    }
    throw new WeftError(`Cannot pack ${specifier}: ${path} is in no package`);
  }
}

/** Modules of Weft name packages by its import map, and packages those beside them. */
const WEFT = new URL("../../", import.meta.url).href;

/** Some file of the package. */
function pathOf(specifier: string, importer: string): string {
  return importer.startsWith(WEFT)
    ? fileURLToPath(import.meta.resolve(specifier))
    : createRequire(importer).resolve(specifier);
}

function descriptionIn(folder: string): Description | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined; // None in this folder.
  }
}

function exportedBy({ exports }: Description, conditions: readonly string[]): string | undefined {
  if (exports === undefined) return undefined;
  const whole = typeof exports === "string" ? exports : exports["."] ?? exports;
  return chosen(whole, conditions);
}

/** The first that a condition chooses, in the package's order. */
function chosen(exported: Exported, conditions: readonly string[]): string | undefined {
  if (typeof exported === "string") return exported;
  for (const [condition, value] of Object.entries(exported)) {
    const found = conditions.includes(condition) ? chosen(value, conditions) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
