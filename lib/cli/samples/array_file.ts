/** A file of arrays that a user names: an NPZ, an NPY or an IDX; gzip of each is unpacked. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { sniff } from "../../bytes/sniff.ts";
import { gunzipIfGzip } from "../../../data/bytes.ts";
import { UsageError } from "../../errors.ts";
import type { NdArray } from "../../dataset/formats/element_types.ts";
import { readIdx } from "../../dataset/formats/idx_array.ts";
import { type NdTexts, readNpy, readNpyLabels } from "../../dataset/formats/npy.ts";
import { Npz } from "../../dataset/formats/npz.ts";
import { readNamedFile } from "../read_file.ts";

export interface ArrayFile {
  /** As messages call it, and as logs do. */
  readonly path: string;
  readonly title: string;
  /** Of its unpacked bytes, in hexadecimal. */
  readonly sha256: string;
  /** Of an archive, else empty. */
  readonly names: readonly string[];
  /** @param name of an archive's array; undefined for the only one. @throws {UsageError | WeftError} */
  read(name?: string): Promise<NdArray>;
  /** The same for what may be texts. */
  readLabels(name?: string): Promise<NdArray | NdTexts>;
}

/** @throws {WeftError} if it cannot be read, or is no such file */
export async function openArrays(path: string): Promise<ArrayFile> {
  const remedy = "name an .npz, .npy or IDX file";
  const bytes = await gunzipIfGzip(path, await readNamedFile(path, "the arrays", remedy));
  const common = {
    path,
    title: basename(path).replace(/\.gz$/i, ""),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
  const kind = sniff(bytes);
  if (kind?.what.includes(".npz") || /\.npz(\.gz)?$/i.test(path)) {
    const archive = new Npz(bytes, path);
    const only = (name: string | undefined) => name ?? onlyName(archive);
    return {
      ...common,
      names: archive.names,
      read: (name) => archive.read(only(name)),
      readLabels: (name) => archive.readLabels(only(name)),
    };
  }
  const isIdx = kind?.format === "IDX" || !/\.npy(\.gz)?$/i.test(path);
  return {
    ...common,
    names: [],
    // deno-lint-ignore require-await -- what is thrown is a rejection, as an archive's
    read: async () => isIdx ? readIdx(bytes, path) : readNpy(bytes, path),
    // deno-lint-ignore require-await -- likewise
    readLabels: async () => isIdx ? readIdx(bytes, path) : readNpyLabels(bytes, path),
  };
}

function onlyName({ names, name }: Npz): string {
  if (names.length === 1) return names[0];
  throw new UsageError(
    `Cannot use ${name} without --inputs: it has the arrays ${
      listed(names)
    }; name one, such as --inputs ${names[0]}`,
  );
}

export function listed(names: readonly string[]): string {
  const more = names.length > 12 ? ` and ${names.length - 12} more` : "";
  return `${names.slice(0, 12).join(", ")}${more}`;
}
