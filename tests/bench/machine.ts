/** The machine that the figures belong to. */

export interface Machine {
  readonly processor: string;
  readonly processors: number;
  /** Whether OpenBLAS can be made to use AVX-512. */
  readonly avx512: boolean;
  readonly deno: string;
  readonly v8: string;
  readonly startedAt: string;
}

/** What Linux says of the first processor; nothing elsewhere. Read by grep, for Deno lets only -A read /proc. */
async function cpuinfo(): Promise<string> {
  try {
    const args = ["-m", "2", "-E", "^(model name|flags)", "/proc/cpuinfo"];
    const { stdout } = await new Deno.Command("grep", { args, stderr: "null" }).output();
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

export async function describeMachine(): Promise<Machine> {
  const info = await cpuinfo();
  return {
    processor: info.match(/^model name\s*:\s*(.+)$/m)?.[1] ?? `${Deno.build.arch}, unnamed`,
    processors: navigator.hardwareConcurrency,
    avx512: /\bavx512f\b/.test(info),
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    startedAt: new Date().toISOString(),
  };
}
