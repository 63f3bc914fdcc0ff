/** Classes of errors as Deno has them, by which callers tell them apart, for the codes that Node has instead. */

/** Names of Deno's classes by the codes of the operating system. */
const CLASSES: Readonly<Record<string, string>> = {
  EACCES: "PermissionDenied",
  EADDRINUSE: "AddrInUse",
  EAGAIN: "WouldBlock",
  EEXIST: "AlreadyExists",
  EISDIR: "IsADirectory",
  ENOENT: "NotFound",
  ENOTDIR: "NotADirectory",
  EPERM: "PermissionDenied",
  EPIPE: "BrokenPipe",
};

function errorClass(name: string): new (message?: string) => Error {
  return class extends Error {
    override name = name;
  };
}

const NAMES = [...new Set(Object.values(CLASSES)), "NotCapable", "NotSupported"];

/** As much of `Deno.errors` as Weft asks for; nothing here throws `NotCapable`, for Node grants all. */
export const nodeErrors: Readonly<Record<string, new (message?: string) => Error>> = Object
  .fromEntries(NAMES.map((name) => [name, errorClass(name)]));

/** The error to throw instead of one of Node's, with its message and code. */
function translated(error: unknown): unknown {
  const { code, message } = error as { readonly code?: string; readonly message: string };
  const name = code === undefined ? undefined : CLASSES[code];
  if (name === undefined) return error;
  return Object.assign(new nodeErrors[name](message), { code, cause: error });
}

/** Calls a function of Node's. @throws what Deno throws in its place */
export function asDeno<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw translated(error);
  }
}

/** The same for a function that answers later. */
export async function asDenoLater<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw translated(error);
  }
}
