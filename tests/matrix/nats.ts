/** Searches whose trials workers on other machines train, by way of a NATS server: whoever is killed, they come to the same. */
import assert from "node:assert/strict";
import { rankedTrials } from "../../lib/run_log/search/ranking.ts";
import { readSearch, type Search } from "../../lib/run_log/search/search.ts";
import { Machine, NatsServer, Network, NO_NATS } from "../nats.ts";
import { refusalOf, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { eventually } from "../support/eventually.ts";

const SPACE = {
  "learning-rate": { "log-uniform": [0.01, 3] },
  hidden: [[8], [16]],
  "batch-size": 8,
  // Long enough that a worker is killed in the middle of a trial.
  epochs: 270,
};

const SEARCH = "search --space space.json --data-dir data --seed 3 --trials 9";

async function withSpace(workplace: Workplace, space: unknown = SPACE): Promise<void> {
  await Deno.writeTextFile(workplace.path("space.json"), JSON.stringify(space));
}

function searchOf(workplace: Workplace, name: string): Search {
  const { search, problem } = readSearch(
    Deno.readFileSync(workplace.path(`runs/${name}/search.json`)),
  );
  assert(search, String(problem));
  return search;
}

/** What must not depend on who trained what, and on who was killed. */
function lasting(search: Search) {
  const { rungs, trials, status } = search;
  const kept = trials.map(({ host: _, run, ...rest }) => ({ ...rest, run: run.slice(-4) }));
  return { rungs, status, trials: kept, ranking: rankedTrials(search).map(({ trial }) => trial) };
}

const scoresIn = ({ trials }: Search) => trials.reduce((sum, { scores }) => sum + scores.length, 0);

/** A server, a search and two workers. */
class Cluster implements AsyncDisposable {
  private constructor(
    readonly server: NatsServer,
    readonly search: Machine,
    readonly workers: readonly Machine[],
    /** Between each worker and the server. */
    readonly networks: readonly Network[],
  ) {}

  static async start(): Promise<Cluster> {
    const server = await NatsServer.start();
    const [search, ...workers] = await Promise.all([1, 2, 3].map(() => Machine.create()));
    await withSpace(search.workplace);
    const networks = workers.map(() => new Network(server));
    const cluster = new Cluster(server, search, workers, networks);
    cluster.begin(`${SEARCH} --name s`);
    for (let worker = 0; worker < workers.length; worker++) cluster.join(worker);
    return cluster;
  }

  begin(line: string): void {
    this.search.start(...line.split(" "), "--nats", this.server.url);
  }

  join(worker: number): void {
    const { url } = this.networks[worker];
    this.workers[worker].start("search:worker", "--nats", url, "--workers", "1");
  }

  get found(): Search {
    return searchOf(this.search.workplace, "s");
  }

  /** Resolves once so many scores are known. */
  async progress(scores: number): Promise<void> {
    await eventually(
      () => Promise.resolve().then(() => scoresIn(this.found)).catch(() => 0),
      (count) => count >= scores,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const it of [this.search, ...this.workers, ...this.networks]) {
      await it[Symbol.asyncDispose]();
    }
    await this.server[Symbol.asyncDispose]();
  }
}

/** What the same search comes to on one machine. */
let plain: Promise<ReturnType<typeof lasting>> | null = null;

async function onOneMachine(): Promise<ReturnType<typeof lasting>> {
  await using workplace = await Workplace.create();
  await withSpace(workplace);
  requireSuccess(await workplace.weft(...SEARCH.split(" "), "--name", "s"));
  return lasting(searchOf(workplace, "s"));
}

const DISASTERS: Record<string, (cluster: Cluster) => Promise<void>> = {
  "nobody is disturbed": async () => {},
  "a worker is killed, and comes again": async (cluster) => {
    await cluster.workers[0].kill();
    await new Promise((resolve) => setTimeout(resolve, 500));
    cluster.join(0);
  },
  "the search is killed, and continues": async (cluster) => {
    await cluster.search.kill();
    await eventually(async () => {
      cluster.begin("search --resume s");
      // Its process may still be about to end with the one that started it.
      const first = await Promise.race([
        cluster.search.end().then(({ stderr }) => stderr),
        new Promise<null>((resolve) => setTimeout(() => resolve(null), 3000)),
      ]);
      return first === null || !/another process is running it/.test(first);
    }, Boolean);
  },
  "the server is killed, and comes again": async ({ server }) => {
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await server.start();
  },
  "a worker has no network for longer than a lease": async ({ networks: [first] }) => {
    await first.cut(12_000);
  },
  "nobody hears from the server for longer than a lease": async ({ server }) => {
    server.signal("SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    server.signal("SIGCONT");
  },
};

for (const [what, happens] of Object.entries(DISASTERS)) {
  testUnless(
    NO_NATS,
    `a search over machines comes to what it comes to on one, where ${what}`,
    async () => {
      await using cluster = await Cluster.start();
      await cluster.progress(3);
      await happens(cluster);
      const { code, stderr } = await cluster.search.end();
      assert.equal(code, 0, stderr);
      plain ??= onOneMachine();
      assert.deepEqual(lasting(cluster.found), await plain);
      const { trials } = cluster.found;
      assert(trials.every(({ host }) => host), "each says which machine trained it");
      // The machine of the search has the runs, and their models.
      const best = rankedTrials(cluster.found)[0];
      const files = cluster.search.workplace.contents(`runs/${best.run}`);
      assert(files.includes("model.safetensors") && files.includes("log.jsonl"), String(files));
      for (const worker of cluster.workers) await worker.kill("SIGTERM");
    },
  );
}

testUnless(NO_NATS, "what cannot work is refused in one line", async () => {
  await using server = await NatsServer.start();
  await using workplace = await Workplace.create();
  await withSpace(workplace);
  const search = SEARCH.split(" ");
  const refusals: [string[], number, RegExp][] = [
    [["search:worker"], 2, /^Cannot work without a server: name the one/],
    [["search:worker", "--nats", "broker"], 2, /^Cannot use --nats "broker": it must be the/],
    [["search:worker", "--nats", "http://broker"], 2, /^Cannot use --nats "http:\/\/broker": it/],
    [["search:worker", "--nats", server.url, "--workers", "0"], 2, /^Cannot search with --workers/],
    [[...search, "--nats", "nats://127.0.0.1:9"], 1, /^Cannot use the NATS server at nats:\/\/127/],
    [
      [...search, "--nats", server.url, "--launcher", "srun"],
      2,
      /^Cannot search with --launcher and with --nats at once/,
    ],
  ];
  for (const [args, code, message] of refusals) {
    assert.match(refusalOf(await workplace.weft(...args), code), message);
  }
});

testUnless(NO_NATS, "a worker with other data says so, and leaves its step to others", async () => {
  await using server = await NatsServer.start();
  await using search = await Machine.create();
  await using other = await Machine.create();
  await using worker = await Machine.create();
  await withSpace(search.workplace, { ...SPACE, epochs: 1 });
  const path = other.workplace.path("data/train-images-idx3-ubyte");
  const bytes = await Deno.readFile(path);
  bytes[bytes.length - 1] ^= 1;
  await Deno.writeFile(path, bytes);
  search.start(...SEARCH.split(" "), "--name", "s", "--nats", server.url);
  other.start("search:worker", "--nats", server.url, "--workers", "1");
  const { code, stderr } = await other.end();
  assert.equal(code, 2);
  assert.match(
    stderr,
    /^error: Cannot train for the search [\w-]+ on other data: train-images-idx3/m,
  );
  worker.start("search:worker", "--nats", server.url, "--workers", "1");
  assert.equal((await search.end()).code, 0);
  const { trials } = searchOf(search.workplace, "s");
  assert(trials.every(({ status }) => status === "completed"));
});
