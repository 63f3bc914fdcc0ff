/** Finds files of one name in the folders below the folder of runs. */

import { isFolderName, lookAt } from "./log_file.ts";
import { turn } from "./turn.ts";

/** Folders that are looked into in one go, some milliseconds. */
const AT_ONCE = 256;

export interface Found {
  /** Of the folder. */
  readonly name: string;
  readonly modifiedAt: number;
  readonly size: number;
}

/** The ones that were written last come first; where the folder of runs cannot be read there are none, which its list tells. */
export async function findFiles(root: string, file: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const [i, name] of namesIn(root).entries()) {
    if (i % AT_ONCE === AT_ONCE - 1) await turn();
    const { stat } = lookAt(root, name, file);
    if (stat) found.push({ name, modifiedAt: stat.modifiedAt, size: stat.size });
  }
  return found.sort((a, b) => b.modifiedAt - a.modifiedAt || (a.name < b.name ? 1 : -1));
}

function namesIn(root: string): string[] {
  try {
    return [...Deno.readDirSync(root)].map(({ name }) => name).filter(isFolderName);
  } catch {
    return [];
  }
}
