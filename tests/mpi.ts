/** Runs `train:mpi` for tests, under the launchers that there are. */
import type { Outcome, Workplace } from "./support/cli.ts";
import { eventually } from "./support/eventually.ts";

export interface Launcher {
  readonly name: "Open MPI" | "MPICH";
  /** What starts processes, before their number. */
  readonly command: string;
  /** Why it cannot be used here; null where it can. */
  readonly missing: string | null;
}

/** Ranks on fewer processors than there are of them give way, instead of starving each other. */
const OVERSUBSCRIBED = "--oversubscribe --bind-to none --mca mpi_yield_when_idle 1";

export const OPEN_MPI: Launcher = launcher("Open MPI", `mpirun.openmpi ${OVERSUBSCRIBED}`);
export const MPICH: Launcher = launcher("MPICH", "mpiexec.hydra");

function launcher(name: Launcher["name"], command: string): Launcher {
  const [program] = command.split(" ");
  if (Deno.build.os !== "linux") return { name, command, missing: "it needs Linux" };
  const { success } = new Deno.Command("sh", { args: ["-c", `command -v ${program}`] })
    .outputSync();
  return { name, command, missing: success ? null : `${program} is not installed` };
}

/** A line of shell that starts so many processes, each of which trains in a workplace. */
export function mpiLine(
  workplace: Workplace,
  launcher: Launcher,
  processes: number,
  args: string,
): string {
  // Debian's Open MPI asks root for these two.
  const root = "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1";
  const program = workplace.expand(`$WEFT train:mpi ${args}`);
  return `${root} ${launcher.command} -n ${processes} ${program}`;
}

export function trainMpi(
  workplace: Workplace,
  launcher: Launcher,
  processes: number,
  args: string,
): Promise<Outcome> {
  return workplace.shell(mpiLine(workplace, launcher, processes, args));
}

/** The lines of Weft's own among what launcher and processes wrote. */
export function linesOf({ stderr }: Outcome): string[] {
  return stderr.split("\n").filter((line) => /^(error|note): /.test(line));
}

/** The digest of a run's model. */
export async function digestOf(workplace: Workplace, run: string): Promise<string> {
  const bytes = await Deno.readFile(workplace.path(`runs/${run}/model.safetensors`));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** What is in a run's log. */
export async function records(workplace: Workplace, run: string) {
  const text = await Deno.readTextFile(workplace.path(`runs/${run}/log.jsonl`));
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

/** Starts two processes; resolves once the run's log has two epochs. */
export async function startedMpi(workplace: Workplace, run: string, args: string) {
  const process = new Deno.Command("sh", {
    args: ["-c", `exec env ${mpiLine(workplace, OPEN_MPI, 2, `${args} --run ${run}`)}`],
    cwd: workplace.folder.path,
    env: { WEFT_DATA_DIR: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  await eventually(() => records(workplace, run).catch(() => []), ({ length }) => length > 2);
  return { process, output };
}

/** The ids of a run's processes, by rank; of each, its own and not that of a shell which starts it. */
export async function ranksOf(run: string): Promise<number[]> {
  const script = `for p in $(pgrep -f -- "deno.*--run ${run}( |$)"); do
    grep -qz /deno /proc/$p/cmdline || continue
    rank=$(tr '\\0' '\\n' < /proc/$p/environ | sed -n 's/^OMPI_COMM_WORLD_RANK=//p')
    [ -n "$rank" ] && echo "$rank $p"
  done 2>/dev/null`;
  const output = await new Deno.Command("sh", { args: ["-c", script] }).output();
  const lines = new TextDecoder().decode(output.stdout).trim().split("\n").filter(Boolean);
  return lines.toSorted().map((line) => Number(line.split(" ")[1]));
}
