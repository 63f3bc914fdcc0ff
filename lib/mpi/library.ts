/**
 * Which MPI library there is, and its functions through Deno.dlopen, with leave for that one file: data goes as views of
 * memory, which may be WebAssembly's, also where threads share it. Nothing is copied, and no pointer is made here.
 *
 * Handles are addresses in Open MPI and numbers in MPICH and its kin (Intel MPI, MVAPICH, Cray MPICH), which share an ABI.
 */
import { UsageError, WeftError } from "../errors.ts";
import { type ForeignLibraryInterface, host, type PointerValue } from "../host/mod.ts";

const FOLDERS = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"];
const OPEN_MPI = ["/usr/lib64/openmpi/lib/libmpi.so.40"];
const MPICH = ["/usr/lib64/mpich/lib/libmpi.so.12"];

/** Where Debian and Fedora put them: all that the task's set of permissions has. */
export const OPEN_MPI_PATHS = [...FOLDERS.map((folder) => `${folder}/libmpi.so.40`), ...OPEN_MPI];
export const MPICH_PATHS = [...FOLDERS.map((folder) => `${folder}/libmpich.so.12`), ...MPICH];

/** What stands for each thing in a call: an address, or a number. */
type Handle = PointerValue | number;

const NUMBERS = {
  world: 0x44000000,
  byte: 0x4c00010d,
  int: 0x4c000405,
  float: 0x4c00040a,
  max: 0x58000001,
  bor: 0x58000008,
};

const SYMBOLS = {
  world: "ompi_mpi_comm_world",
  byte: "ompi_mpi_byte",
  int: "ompi_mpi_int",
  float: "ompi_mpi_float",
  max: "ompi_mpi_op_max",
  bor: "ompi_mpi_op_bor",
};

type Handles = Readonly<Record<keyof typeof NUMBERS, Handle>>;
type Bytes = ArrayBufferView<ArrayBufferLike>;

/** The functions that Weft calls. Each returns 0, or ends all processes: so MPI handles errors by default. */
export interface Functions {
  MPI_Init_thread(argc: bigint, argv: bigint, level: number, provided: Bytes): number;
  MPI_Finalize(): number;
  MPI_Abort(world: Handle, code: number): number;
  MPI_Comm_rank(world: Handle, rank: Bytes): number;
  MPI_Comm_size(world: Handle, size: Bytes): number;
  MPI_Bcast(data: Bytes, count: number, type: Handle, root: number, world: Handle): number;
  MPI_Allreduce(
    send: Bytes,
    receive: Bytes,
    count: number,
    type: Handle,
    op: Handle,
    world: Handle,
  ): number;
  MPI_Allgather(
    send: Bytes,
    sendCount: number,
    sendType: Handle,
    receive: Bytes,
    receiveCount: number,
    receiveType: Handle,
    world: Handle,
  ): number;
  MPI_Sendrecv(
    send: Bytes,
    sendCount: number,
    sendType: Handle,
    to: number,
    sendTag: number,
    receive: Bytes,
    receiveCount: number,
    receiveType: Handle,
    from: number,
    receiveTag: number,
    world: Handle,
    status: Bytes,
  ): number;
}

export interface MpiLibrary {
  readonly path: string;
  /** As in "Open MPI 4.1.4". */
  readonly version: string;
  readonly functions: Functions;
  readonly handles: Handles;
}

const I = "i32", B = "buffer";

function signatures<H extends "pointer" | "i32">(H: H) {
  return {
    MPI_Init_thread: { parameters: ["usize", "usize", I, B], result: I },
    MPI_Finalize: { parameters: [], result: I },
    MPI_Abort: { parameters: [H, I], result: I },
    MPI_Comm_rank: { parameters: [H, B], result: I },
    MPI_Comm_size: { parameters: [H, B], result: I },
    MPI_Bcast: { parameters: [B, I, H, I, H], result: I },
    MPI_Allreduce: { parameters: [B, B, I, H, H, H], result: I },
    MPI_Allgather: { parameters: [B, I, H, B, I, H, H], result: I },
    MPI_Sendrecv: { parameters: [B, I, H, I, I, B, I, H, I, I, H, B], result: I },
  } satisfies ForeignLibraryInterface;
}

/**
 * Loads a library.
 *
 * @throws {WeftError} where it is none of MPI
 */
export function loadMpi(path: string): MpiLibrary {
  const version = versionOf(path);
  const isOpenMpi = version.startsWith("Open MPI");
  if (!isOpenMpi && !/^(MPICH|MVAPICH|Intel)/.test(version)) {
    throw new WeftError(
      `Cannot use ${path}: it is ${version}; name Open MPI's library, MPICH's or one of its kin with --mpi`,
    );
  }
  if (!isOpenMpi) {
    const { symbols } = host.dlopen(path, signatures("i32"));
    return { path, version, functions: symbols as unknown as Functions, handles: NUMBERS };
  }
  const statics = Object.fromEntries(
    Object.values(SYMBOLS).map((name) => [name, { type: "pointer" as const }]),
  );
  const { symbols } = host.dlopen(path, { ...signatures("pointer"), ...statics });
  const found = symbols as unknown as Functions & Record<string, Handle>;
  const handles = Object.fromEntries(
    Object.entries(SYMBOLS).map(([name, symbol]) => [name, found[symbol]]),
  ) as unknown as Handles;
  return { path, version, functions: found, handles };
}

/** The first words of what a library says of itself, which it may be asked before it is started. */
function versionOf(path: string): string {
  const [text, length] = [new Uint8Array(8192), new Int32Array(1)];
  try {
    const library = host.dlopen(path, {
      MPI_Get_library_version: { parameters: [B, B], result: I },
    });
    library.symbols.MPI_Get_library_version(text, length);
  } catch (error) {
    if (error instanceof host.errors.NotCapable) {
      throw new UsageError(
        `Cannot load ${path}: the task may load the libraries of Debian and Fedora only; run main.ts with ` +
          `"deno run -P=train-mpi --allow-ffi=${path}"`,
      );
    }
    const reason = String(error instanceof Error ? error.message : error).split("\n")[0];
    throw new WeftError(`Cannot load ${path} as a library of MPI: ${reason}`);
  }
  const said = new TextDecoder().decode(text.subarray(0, length[0])).replaceAll("\0", "").trim();
  // "Open MPI v4.1.4, package: ...", or "MPICH Version:\t4.0.2\nMPICH Release date: ...".
  const [first] = said.split(/[,\n]/);
  return first.replace(/ Version:?\s+/, " ").replace(/^Open MPI v/, "Open MPI ").trim();
}

/** What the launcher tells of itself: variables that it sets for each process. */
export interface LauncherVariables {
  get(name: string): string | undefined;
}

/**
 * The library of whatever started this process.
 *
 * @param exists whether there is a file
 * @throws {WeftError} where there is none
 */
export function findMpi(launcher: LauncherVariables, exists: (path: string) => boolean): string {
  const isMpich = launcher.get("PMI_SIZE") !== undefined &&
    launcher.get("OMPI_COMM_WORLD_SIZE") === undefined;
  const paths = isMpich ? [MPICH_PATHS, OPEN_MPI_PATHS] : [OPEN_MPI_PATHS, MPICH_PATHS];
  const path = paths.flat().find(exists);
  if (path !== undefined) return path;
  throw new WeftError(
    "Cannot train in several processes: neither Open MPI nor MPICH is where Debian and Fedora put them; " +
      "install one (apt-get install openmpi-bin), or name its library with --mpi",
  );
}

/**
 * Refuses where a launcher started several processes and MPI sees one: the library is not the launcher's.
 *
 * @throws {UsageError}
 */
export function requireLaunched(
  launcher: LauncherVariables,
  { path, version }: Pick<MpiLibrary, "path" | "version">,
  size: number,
): void {
  const started = Number(
    launcher.get("OMPI_COMM_WORLD_SIZE") ?? launcher.get("PMI_SIZE") ?? size,
  );
  if (size > 1 || !(started > 1)) return;
  throw new UsageError(
    `Cannot train together: ${started} processes were started, and ${version} in ${path} sees one; ` +
      "name the library of what started them with --mpi",
  );
}
