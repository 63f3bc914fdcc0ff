/** Runs `train:mpi` for tests, under the launchers that there are. */
import type { Outcome, Workplace } from "./support/cli.ts";

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
