/** Processes on machines of their own, which are network namespaces: another network than memory, and other host names. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decode, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { OPEN_MPI } from "../mpi.ts";

const HOSTS = join(import.meta.dirname!, "hosts.sh");

/** What hosts.sh says where it cannot make them. */
const NO_HOSTS = 77;

function whyNoHosts(): string | null {
  if (OPEN_MPI.missing) return OPEN_MPI.missing;
  const { code } = new Deno.Command("bash", { args: [HOSTS, "1", "true"] }).outputSync();
  return code === NO_HOSTS ? "network namespaces cannot be made here" : null;
}

/** @param processes that are started with `args` */
async function onHosts(workplace: Workplace, count: number, args: string, processes = count) {
  const line = `$MPIRUN -n ${processes} ${workplace.expand(`$WEFT train:mpi ${args}`)}`;
  const output = await new Deno.Command("bash", {
    args: [HOSTS, String(count), line],
    cwd: workplace.folder.path,
    env: { WEFT_DATA_DIR: "" },
    stdin: "null",
  }).output();
  return decode(output);
}

const reason = whyNoHosts();

testUnless(
  reason,
  "2 and 4 machines end with the network of one, which the log names",
  async () => {
    await using workplace = await Workplace.create();
    const net = "--data-dir data --hidden 16 --batch-size 24 --epochs 3 --dropout 0.2 " +
      "--shards 4 --simd strict --threads 1";
    const digest = async (run: string) =>
      (await Deno.readFile(workplace.path(`runs/${run}/model.safetensors`))).toHex();
    requireSuccess(await workplace.weft("train", ...net.split(" "), "--run", "one"));
    for (const count of [2, 4]) {
      const run = `on-${count}`;
      const { stdout } = requireSuccess(await onHosts(workplace, count, `${net} --run ${run}`));
      const hosts = Array.from({ length: count }, (_, i) => `host${i + 1}`);
      assert.match(stdout, new RegExp(`^${count} processes on ${hosts.join(", ")} \\(`, "m"));
      assert.equal(await digest(run), await digest("one"));
      const log = await Deno.readTextFile(workplace.path(`runs/${run}/log.jsonl`));
      assert.deepEqual(JSON.parse(log.split("\n")[0]).processes.hosts, hosts);
    }
  },
);

testUnless(
  reason,
  "a refusal names the machines that differ",
  async () => {
    await using workplace = await Workplace.create();
    const args = "--data-dir data --shards 2 --epochs 1 --run r";
    const other = workplace.expand(`$WEFT train:mpi ${args} --l1 0.5`);
    const { code, stderr } = await onHosts(workplace, 2, `${args} : -n 1 ${other}`, 1);
    assert.match(
      stderr,
      /^error: Cannot train together: rank 1 on host2 has options sha256:\w{12}, and rank 0 on host1 has /m,
    );
    assert.equal(code, 2);
  },
);
