/** A folder of images that a user names, as rows to learn from. */
import { basename, join, resolve } from "node:path";
import { createHash } from "node:crypto";
import { host } from "../../host/mod.ts";
import type { ImageFolder, ImagePart } from "../../images/folder_parts.ts";
import { loadImageFolder } from "../images/load_image_folder.ts";
import { formatCount } from "../../report/format.ts";
import { imageSize, type TableOptions } from "../options/tables.ts";
import { printErrorLine, StatusLine } from "../output.ts";
import { mayWrite, runsFolder } from "../places.ts";
import type { ReadSamples } from "./samples_source.ts";

/** Below the folder of runs, because that is where a command may write; hidden, so that nobody takes it for a run. */
const CACHE = ".images";

/** With fewer images, decoding takes no longer than a look into a cache. */
const WORTH_KEEPING = 1000;

export type ImageOptions = Pick<TableOptions, "size" | "channels" | "skipBroken">;

/** @throws as `loadImageFolder` */
export async function readImageFolder(
  path: string,
  { size, channels, skipBroken }: ImageOptions,
): Promise<ImageFolder> {
  using status = new StatusLine();
  return await loadImageFolder(path, {
    size: size === undefined ? undefined : imageSize(size),
    channels: channels === undefined ? undefined : Number(channels) as 1 | 3,
    skipBroken,
    cacheFolder: cacheFolder(),
    makeCacheFolder: (folder) => host.mkdirSync(folder, { recursive: true }),
    least: WORTH_KEEPING,
    onNote: (line) => printErrorLine(`note: ${line}`),
    onFound: (files) => status.set(`${formatCount(files)} files found`),
    onProgress: ({ done, total }) =>
      status.set(`${formatCount(done)} of ${formatCount(total)} images decoded`),
  });
}

/** @throws as `loadImageFolder` */
export async function imageSamples(path: string, options: ImageOptions): Promise<ReadSamples> {
  const { train, validation, test, ...others } = await readImageFolder(path, options);
  const parts = { train, validation, test };
  return {
    name: path,
    title: basename(resolve(path)),
    train,
    ...validation ? { validation } : {},
    ...test ? { test } : {},
    ...others,
    why: "",
    sha256: digestsOf(parts),
  };
}

/** Of what is learned from: files may be written anew, as long as their pixels and classes are the same. */
export function digestsOf(
  parts: Readonly<Record<string, ImagePart | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, part]) => {
      if (!part) return [];
      const { shape, features } = part;
      const labels = "labels" in part
        ? part.labels
        : (part.targets as { readonly labels: Uint8Array }).labels;
      const hash = createHash("sha256").update(JSON.stringify(shape)).update(labels);
      return [[name, hash.update(features).digest("hex")]];
    }),
  );
}

/** Undefined where this process may not write there, as in a trial of a search. */
function cacheFolder(): string | undefined {
  const folder = join(runsFolder(), CACHE);
  return mayWrite(folder) ? folder : undefined;
}
