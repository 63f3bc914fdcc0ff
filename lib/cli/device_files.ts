/**
 * Whether Linux has the file of a GPU, found out without leave to start a program. Deno shows /dev to nobody, whatever
 * `read` allows; but to import a module from "below" a file fails in another way than from below nothing, and the file
 * is not opened for that.
 */

/** Of render nodes, 128 to 191; the kernel has no more. */
const RENDER_NODES = Array.from({ length: 64 }, (_, i) => `/dev/dri/renderD${128 + i}`);

/** NVIDIA's own driver, and Windows' for its Linux. */
const OTHERS = ["/dev/nvidiactl", "/dev/dxg"];

/** Whether this machine has a GPU's file; null where that cannot be said. */
export async function hasGpuFile(): Promise<boolean | null> {
  // Every Linux has this one: if the question is answered otherwise here, then Deno has learned to answer it otherwise.
  if (await whatIs("/dev/null") !== "file") return null;
  const paths = await whatIs("/dev/dri") === "nothing" ? OTHERS : [...OTHERS, ...RENDER_NODES];
  const found = await Promise.all(paths.map(whatIs));
  if (found.includes("file")) return true;
  return found.includes(null) ? null : false;
}

/** What a path leads to; null where Deno does not say. */
export async function whatIs(path: string): Promise<"file" | "folder" | "nothing" | null> {
  const below = await failureOf(`file://${path}/below`);
  if (/\(os error 20\)$/.test(below)) return "file";
  if (!/^Module not found/.test(below)) return null;
  const itself = await failureOf(`file://${path}`);
  if (/^\[ERR_UNSUPPORTED_DIR_IMPORT\]/.test(itself)) return "folder";
  return /^Module not found/.test(itself) ? "nothing" : null;
}

async function failureOf(url: string): Promise<string> {
  try {
    await import(url);
    return "";
  } catch (error) {
    return error instanceof Error ? error.message.trim() : "";
  }
}
