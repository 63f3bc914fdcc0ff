/**
 * Runs a command that talks to a NATS server in a process of its own, which may use the network to that one address. The
 * task itself may not use any; and packages that it needs for that are named in a lock file of their own.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../../../errors.ts";
import { host } from "../../../host/mod.ts";
import { brokerAddress } from "../../../nats/address.ts";
import { denoProgram } from "../../deno_program.ts";
import { signalsTo } from "../../first_start.ts";
import { INTERRUPTED } from "../../interruption.ts";
import { runsFolder } from "../../places.ts";

const [MAIN, CONFIG, LOCK] = ["main.ts", "deno.json", "lib/nats/deno.lock"]
  .map((path) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url)));

const VARIABLES = ["INIT_CWD", "WEFT_DATA_DIR", "WEFT_FETCHES", "WEFT_HOME"];

/** Such a process was started by another, and ends with it. */
export interface TiedOptions {
  readonly tied?: boolean;
}

/**
 * @param url of the server
 * @param run the command
 * @returns the exit code
 */
export async function withBroker(
  url: string,
  { tied = false }: TiedOptions,
  run: () => Promise<number>,
): Promise<number> {
  const { server } = brokerAddress(url);
  const { state } = host.permissions.querySync({ name: "net", host: server });
  if (state === "granted") {
    if (tied) endWithInput();
    return await run();
  }
  const runs = resolve(runsFolder());
  if (runs.includes(",")) {
    throw new UsageError(
      `Cannot use ${runs}: Deno cannot be told of a folder with a comma; name another with --runs`,
    );
  }
  const child = new host.Command(denoProgram(), {
    args: [
      ...["run", "-q", "--no-prompt", "--allow-read", `--allow-write=${runs}`],
      ...["--allow-run=deno", `--allow-env=${VARIABLES.join()}`, "--allow-sys=hostname"],
      ...[`--allow-net=${server}`, "--lock", LOCK, "--config", CONFIG, MAIN, ...host.args],
      ...["--tied", "--runs", runs],
    ],
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  using _ = signalsTo(child);
  return (await child.status).code;
}

/** Where what started this process is killed, the system closes its standard input. */
async function endWithInput(): Promise<void> {
  try {
    for await (const _ of host.stdin.readable);
  } finally {
    host.exit(INTERRUPTED);
  }
}
