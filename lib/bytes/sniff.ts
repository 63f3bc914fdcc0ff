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
}

/** How far texts are looked into. */
const BEGINNING = 4096;

const ASCII = new TextDecoder("latin1");

/** What begins with these bytes (Latin-1), from byte `at` on. */
const SIGNATURES: readonly (FileKind & { readonly at?: number; readonly begins: string })[] = [
  { begins: "\x89PNG\r\n\x1a\n", what: "a PNG image" },
  { begins: "\xff\xd8\xff", what: "a JPEG image" },
  { begins: "GIF8", what: "a GIF image" },
  { begins: "WEBP", at: 8, what: "a WebP image" },
  { begins: "II*\0", what: "a TIFF image" },
  { begins: "MM\0*", what: "a TIFF image" },
  { begins: "\0\0\x01\0", what: "an icon (ICO)" },
  { begins: "ftypavif", at: 4, what: "an AVIF image" },
  { begins: "ftypheic", at: 4, what: "a HEIC image" },
  { begins: "%PDF-", what: "a PDF document" },
  { begins: "\x1f\x8b", what: "gzip", remedy: "unpack it with gunzip" },
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
  if (isSafetensors(bytes)) return { what: "a safetensors file" };
  const beginning = ASCII.decode(bytes.subarray(0, BEGINNING));
  const found = SIGNATURES.find(({ begins, at = 0 }) => beginning.startsWith(begins, at));
  if (found) return found;
  if (/^PK(\x03\x04|\x05\x06)/.test(beginning)) return zipOf(beginning);
  if (/^\x80[\x02-\x05]/.test(beginning)) return PICKLE;
  if (/^BM[^]{4}\0{4}/.test(beginning)) return { what: "a BMP image" };
  if (/^\0\0[\x08\x09\x0b-\x0e][\x01-\x08]/.test(beginning)) return { what: "an IDX file" };
  // The fields of a model in their order: the version of the format, then the producer or the graph.
  if (/^\x08[\x01-\x1f][\x12:B]/.test(beginning)) {
    return { what: "an ONNX model", remedy: "export it from where it was trained as safetensors" };
  }
  if (/^(\xff\xfe|\xfe\xff)/.test(beginning)) return { what: "text in UTF-16" };
  if (bytes.length > 0 && bytes.every((byte) => byte === 0)) {
    return { what: "nothing but zeros", remedy: "copy or download it again" };
  }
  return textOf(beginning.replace(/^\xef\xbb\xbf/, "").trimStart());
}

/**
 * "it is an HTML page; download the file itself": for an error about a file that should be something else.
 *
 * @param remedy what to do where the kind does not tell
 * @returns null where nothing is recognized
 */
export function sniffed(bytes: Uint8Array, remedy: string): string | null {
  const kind = sniff(bytes);
  return kind && `it is ${kind.what}; ${kind.remedy ?? remedy}`;
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
  if (/^(\[Content_Types\]|word\/|xl\/)/.test(name)) return { what: "an Office document" };
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
    return { what: "the log of a run" };
  }
  return /^[{[]\s*["{[\d\]}tfn-]/.test(text) ? { what: "JSON" } : null;
}
