/**
 * Says of a file that is not what it should be what it is: by its first bytes, as `file` does. A name says little: a page that
 * reports an error, or a pointer of Git LFS, lies under the name of what was to be downloaded.
 */

/** What a file is. */
export interface FileKind {
  /** With its article: "a PNG image". */
  readonly what: string;
  /** What to do to get at what was wanted, where that can be told from the kind alone. */
  readonly remedy?: string;
  /** Formats that Weft reads, so that readers of one know it. */
  readonly format?: "safetensors" | "PNG" | "IDX" | "gzip" | "JSON" | "log";
}

/** How far texts are looked into. */
const BEGINNING = 4096;

/** What begins with these bytes (Latin-1), from byte `at` on. */
const SIGNATURES: readonly (FileKind & { readonly at?: number; readonly begins: string })[] = [
  { begins: "\x89PNG\r\n\x1a\n", what: "a PNG image", format: "PNG" },
  { begins: "\xff\xd8\xff", what: "a JPEG image" },
  { begins: "GIF8", what: "a GIF image" },
  { begins: "WEBP", at: 8, what: "a WebP image" },
  { begins: "II*\0", what: "a TIFF image" },
  { begins: "MM\0*", what: "a TIFF image" },
  { begins: "\0\0\x01\0", what: "an icon (ICO)" },
  { begins: "ftypavif", at: 4, what: "an AVIF image" },
  { begins: "ftypheic", at: 4, what: "a HEIC image" },
  { begins: "%PDF-", what: "a PDF document" },
  { begins: "\x1f\x8b", what: "gzip", format: "gzip", remedy: "unpack it with gunzip" },
  { begins: "\x28\xb5\x2f\xfd", what: "Zstandard", remedy: "unpack it with zstd -d" },
  { begins: "BZh", what: "bzip2", remedy: "unpack it with bunzip2" },
  { begins: "\xfd7zXZ\0", what: "xz", remedy: "unpack it with unxz" },
  { begins: "7z\xbc\xaf\x27\x1c", what: "a 7-Zip archive", remedy: "unpack it" },
  { begins: "Rar!", what: "a RAR archive", remedy: "unpack it" },
  { begins: "ustar", at: 257, what: "a tar archive", remedy: "unpack it with tar -xf" },
  {
    begins: "\x89HDF\r\n\x1a\n",
    what: "an HDF5 file (Keras .h5?)",
    remedy: "save its weights with safetensors, under PyTorch's names",
  },
  { begins: "\x93NUMPY", what: "a NumPy array (.npy)" },
  { begins: "GGUF", what: "a GGUF file" },
  { begins: "TFL3", at: 4, what: "a TensorFlow Lite model" },
  { begins: "\0asm", what: "a WebAssembly module" },
  { begins: "\x7fELF", what: "a program (ELF)" },
  { begins: "SQLite format 3\0", what: "an SQLite database" },
  { begins: "PAR1", what: "a Parquet table" },
  { begins: "ARROW1", what: "an Arrow table (Feather)" },
  { begins: "FEA1", what: "an Arrow table (Feather)" },
  { begins: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", what: "an Office document (.xls, .doc)" },
  {
    begins: "\0\x05\x16\x07",
    what: "a resource fork of macOS",
    remedy: "the file itself has the name without ._",
  },
];

const PICKLE: FileKind = {
  what: "a pickle of Python (an old PyTorch .pt?)",
  remedy: "save its state_dict with safetensors.torch.save_file",
};

/**
 * @param bytes the file, or its beginning
 * @returns null where nothing is recognized, and for plain text
 */
export function sniff(bytes: Uint8Array): FileKind | null {
  if (isSafetensors(bytes)) return { what: "a safetensors file", format: "safetensors" };
  // A character a byte. The decoder of that name is one of windows-1252.
  const beginning = String.fromCharCode(...bytes.subarray(0, BEGINNING));
  const found = SIGNATURES.find(({ begins, at = 0 }) => beginning.startsWith(begins, at));
  if (found) return found;
  const [first, second, third, fourth] = bytes;
  const isBetween = (byte: number, least: number, most: number) => byte >= least && byte <= most;
  if (beginning.startsWith("PK\x03\x04") || beginning.startsWith("PK\x05\x06")) {
    return zipOf(beginning);
  }
  if (first === 0x80 && isBetween(second, 2, 5)) return PICKLE;
  if (beginning.startsWith("BM") && beginning.startsWith("\0\0\0\0", 6)) {
    return { what: "a BMP image" };
  }
  if (first === 0 && second === 0 && isBetween(third, 8, 14) && isBetween(fourth, 1, 8)) {
    return { what: "an IDX file", format: "IDX" };
  }
  // The fields of a model in their order: the version of the format, then the producer, its version or the graph.
  if (first === 0x08 && isBetween(second, 1, 31) && [0x12, 0x1a, 0x3a, 0x42].includes(third)) {
    return { what: "an ONNX model", remedy: "export it from where it was trained as safetensors" };
  }
  if (beginning.startsWith("\xff\xfe") || beginning.startsWith("\xfe\xff")) {
    return { what: "text in UTF-16", remedy: "save it in UTF-8" };
  }
  if (bytes.length >= 16 && bytes.every((byte) => byte === 0)) {
    return { what: "nothing but zeros", remedy: "copy or download it again" };
  }
  return textOf(beginning.replace(/^\xef\xbb\xbf/, "").trimStart());
}

/**
 * "it is an HTML page; download the file itself": for an error about a file that should be something else.
 *
 * @param expected the format that it should have
 * @param remedy what to do where the kind does not tell
 * @returns null where nothing is recognized, or what was expected
 */
export function sniffed(
  bytes: Uint8Array,
  expected: FileKind["format"],
  remedy: string,
): string | null {
  const kind = sniff(bytes);
  if (!kind || kind.format === expected) return null;
  return `it is ${kind.what}; ${kind.remedy ?? remedy}`;
}

/** The length of the header, and then its brace. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length < 10 || bytes[8] !== 0x7b) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getBigUint64(0, true) < 2n ** 32n;
}

/** By the name of its first file. */
function zipOf(beginning: string): FileKind {
  const name = beginning.slice(30, 30 + beginning.charCodeAt(26));
  if (name.endsWith(".npy")) return { what: "a zip of NumPy arrays (.npz)" };
  if (/^(\[Content_Types\]|_rels\/|docProps\/|word\/|xl\/|ppt\/)/.test(name)) {
    return { what: "an Office document" };
  }
  if (name === "mimetype") return { what: "an OpenDocument file" };
  if (/^(config|metadata)\.json$/.test(name)) {
    return { what: "a zip (a Keras model?)", remedy: "save its weights with safetensors" };
  }
  return {
    what: "a zip (a PyTorch .pt?)",
    remedy: "of a .pt, save the state_dict with safetensors.torch.save_file; else unpack it",
  };
}

function textOf(text: string): FileKind | null {
  if (text.startsWith("version https://git-lfs.github.com/spec/")) {
    return { what: "a Git LFS pointer, and not the file itself", remedy: 'run "git lfs pull"' };
  }
  if (/^<(!doctype html|html|head|body)\b/i.test(text) || /^<!--[^]*<html\b/i.test(text)) {
    return { what: "an HTML page", remedy: "download the file itself" };
  }
  if (/^<svg\b/.test(text) || /^<\?xml[^]*<svg\b/.test(text)) return { what: "an SVG drawing" };
  if (text.startsWith("<?xml")) return { what: "an XML document" };
  if (/^\{"type":"(run|epoch|resume|fallback|end)"/.test(text)) {
    return { what: "the log of a run", format: "log" };
  }
  return /^[{[]\s*["{[\d\]}tfn-]/.test(text) ? { what: "JSON", format: "JSON" } : null;
}
