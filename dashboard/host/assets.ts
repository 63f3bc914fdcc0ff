/** The files that a browser may ask for: `static/`, and the built client below `/build/`. No other path leads to a file. */

import { keptAnswer } from "../store/answers.ts";

/** A file, and whether its name changes with its contents, so that a browser need not ask again. */
interface Asset {
  readonly path: string;
  readonly isForever: boolean;
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["js", "text/javascript; charset=utf-8"],
  ["svg", "image/svg+xml"],
  ["png", "image/png"],
  ["txt", "text/plain; charset=utf-8"],
]);

export class Assets {
  readonly #assets = new Map<string, Asset>();

  /** @param root the folder `dashboard/`, with a slash at its end */
  constructor(root: string) {
    for (const path of filesBelow(`${root}static/`)) {
      this.#assets.set(`/${path}`, { path: `${root}static/${path}`, isForever: false });
    }
    for (const path of filesBelow(`${root}build/`)) {
      this.#assets.set(`/build/${path}`, { path: `${root}build/${path}`, isForever: true });
    }
  }

  /** Null where the path is no file's. */
  async answer(request: Request, path: string): Promise<Response | null> {
    const asset = this.#assets.get(path);
    const type = TYPES.get(path.slice(path.lastIndexOf(".") + 1));
    if (!asset || !type) return null;
    const cacheControl = asset.isForever ? "public, max-age=31536000, immutable" : "no-cache";
    return await keptAnswer(request, await Deno.readFile(asset.path), type, cacheControl);
  }
}

/** Paths of all files below a folder, from there. */
export function* filesBelow(folder: string): Generator<string, void, void> {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    if (isFile) yield name;
    else if (isDirectory) {
      for (const path of filesBelow(`${folder}${name}/`)) yield `${name}/${path}`;
    }
  }
}
