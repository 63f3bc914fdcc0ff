/**
 * A Linux control group that ends its processes when they take more memory than it has. A shell makes it, because Deno
 * guards `/sys`.
 */

/** Where groups are made, by the version of control groups; what limits one, and what says how much it took. */
const KINDS = [
  ["/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.max_usage_in_bytes"],
  ["/sys/fs/cgroup", "memory.max", "memory.peak"],
] as const;

/** What to run in it, and what it then took. */
export interface MemoryGroup extends Disposable {
  /** A line of shell that runs `line` in the group. */
  inside(line: string): string;
  peakBytes(): number;
}

/** A group of `bytes`; null where none can be made: elsewhere than on Linux, or without the right to. */
export function memoryGroup(bytes: number): MemoryGroup | null {
  if (Deno.build.os !== "linux") return null;
  for (const [root, limit, peak] of KINDS) {
    const path = `${root}/weft-test-${crypto.randomUUID().slice(0, 8)}`;
    const remove = () => shell(`rmdir ${path}`);
    if (shell(`mkdir ${path}`) === null) continue;
    if (shell(`echo ${bytes} > ${path}/${limit} && test -e ${path}/${peak}`) === null) {
      remove();
      continue;
    }
    return {
      inside: (line) => `echo $$ > ${path}/cgroup.procs; exec ${line}`,
      peakBytes: () => Number(shell(`cat ${path}/${peak}`)),
      [Symbol.dispose]: remove,
    };
  }
  return null;
}

/** What a line of shell prints; null where it fails. */
function shell(line: string): string | null {
  const args = ["-c", line];
  const { success, stdout } = new Deno.Command("sh", { args, stderr: "null" }).outputSync();
  return success ? new TextDecoder().decode(stdout) : null;
}
