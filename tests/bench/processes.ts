/** Scripts that run in a process of their own and print one JSON document. */
import { fileURLToPath } from "node:url";

/** What a script printed, or in one line why it did not. */
export type ScriptResult = { readonly value: unknown } | { readonly reason: string };

/** Longer than any script here takes; a peer that hangs must not hang the benchmark. */
const TIMEOUT_MS = 180_000;

/** The path of a file beside this one. */
export function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptResult> {
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      env: { NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).output();
    const decoder = new TextDecoder();
    if (success) return { value: JSON.parse(decoder.decode(stdout)) };
    return { reason: reasonIn(decoder.decode(stderr)) };
  } catch (error) {
    return { reason: (error as Error).message.split("\n")[0] };
  }
}

/** Runs a script of this folder in a new Deno, which may read and see its environment, and no more. */
export function runScript(name: string, args: string[], flags: string[] = []) {
  const permissions = ["--allow-read", "--allow-env"];
  return runProgram("deno", [
    "run",
    "-q",
    "--no-prompt",
    ...permissions,
    ...flags,
    pathOf(name),
    ...args,
  ]);
}

/** The line that says what went wrong: Deno's first "error:", or else the last line, as Python has it. */
function reasonIn(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => line.startsWith("error:")) ?? lines.at(-1) ?? "it said nothing";
}
