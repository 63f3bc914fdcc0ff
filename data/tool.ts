/** Runs the system's own programs, by their full paths: which file runs is not for PATH to decide. */

import { type CommandOutput, host } from "../lib/host/mod.ts";
import { messageOf, WeftError } from "../lib/errors.ts";

const TOOLS = { "apt-get": "/usr/bin/apt-get", "dpkg-deb": "/usr/bin/dpkg-deb" } as const;

/** What a program wrote. */
export interface ToolOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface ToolOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
}

/**
 * Runs a program to its end, in English.
 *
 * @throws {WeftError} where it is missing, may not be run, or fails: then with what it says itself
 */
export async function runTool(
  tool: keyof typeof TOOLS,
  args: string[],
  { cwd, signal }: ToolOptions = {},
): Promise<ToolOutput> {
  const options = { args, cwd, signal, env: { LC_ALL: "C" }, stdin: "null" } as const;
  let output: CommandOutput;
  try {
    output = await new host.Command(TOOLS[tool], { ...options, stdout: "piped", stderr: "piped" })
      .output();
  } catch (error) {
    signal?.throwIfAborted();
    const isMissing = error instanceof host.errors.NotFound;
    throw new WeftError(isMissing ? `there is no ${tool} on this machine` : messageOf(error));
  }
  signal?.throwIfAborted();
  const stdout = new TextDecoder().decode(output.stdout);
  const stderr = new TextDecoder().decode(output.stderr);
  if (!output.success) {
    throw new WeftError(
      `${tool}: ${complaintIn(stderr, "E") ?? `it ends with exit code ${output.code}`}`,
    );
  }
  return { stdout, stderr };
}

/** The first error or warning in what apt or dpkg wrote, or null. */
export function complaintIn(stderr: string, kind: "E" | "W"): string | null {
  const mark = kind === "E" ? /^(?:E: |dpkg-deb: error: )(.*)$/m : /^W: (.*)$/m;
  return stderr.match(mark)?.[1].trim() ?? null;
}
