/** What a NATS server keeps of a search, when things are sent twice, lost, or sent by a stranger. */
import assert from "node:assert/strict";
import { Broker } from "../../lib/nats/broker.ts";
import { WeftError } from "../../lib/errors.ts";
import { Machine, NatsServer, NO_NATS } from "../nats.ts";
import { testUnless } from "../support/cli.ts";
import { eventually } from "../support/eventually.ts";

const SEARCH = "0b6f5c1e-9d47-4f39-8a53-0d1c2b3a4f5e";
const OTHER = "1b6f5c1e-9d47-4f39-8a53-0d1c2b3a4f5e";

testUnless(NO_NATS, "a step is offered and done once, however often it is sent", async () => {
  await using server = await NatsServer.start();
  await using search = await Broker.connect(server.url);
  await using worker = await Broker.connect(server.url);
  const steps = Array.from({ length: 200 }, (_, i) => `${i}.end`);
  for (const step of [...steps, ...steps]) await search.offer(SEARCH, step, { step });
  await search.offer(OTHER, "1.end", { step: "other" });
  const taken: string[] = [];
  for (let held = await worker.take(1000); held; held = await worker.take(1000)) {
    const { step } = held.value as { step: string };
    taken.push(step);
    await worker.report(SEARCH, step, { step });
    await worker.report(SEARCH, step, { step: "another" });
    await held.done();
  }
  assert.deepEqual(taken, [...steps, "other"]);
  const found: string[] = [];
  const read = async () => {
    for (
      let it = await search.result(SEARCH, "r", 1000);
      it;
      it = await search.result(SEARCH, "r", 1000)
    ) {
      found.push((it.value as { step: string }).step);
      await it.done();
    }
  };
  await read();
  assert.deepEqual(found, [...steps, "other"]);
  await search.rereadFrom("r");
  await read();
  assert.equal(found.length, 2 * (steps.length + 1), "whoever begins anew gets all of them");
});

testUnless(
  NO_NATS,
  "a step that is given back comes again, and one that is withdrawn does not",
  async () => {
    await using server = await NatsServer.start();
    await using broker = await Broker.connect(server.url);
    await broker.offer(SEARCH, "1.3", {});
    const first = await broker.take(1000);
    assert.equal(first?.deliveries, 1);
    first.giveBack();
    const second = await broker.take(5000);
    assert.equal(second?.deliveries, 2);
    await broker.withdraw(SEARCH);
    second.giveBack();
    assert.equal(await broker.take(500), null);
  },
);

testUnless(
  NO_NATS,
  "files are kept over a crash of the server, until the search is over",
  async () => {
    await using server = await NatsServer.start();
    await using broker = await Broker.connect(server.url);
    const bytes = Uint8Array.from({ length: 400_000 }, (_, i) => i * i);
    await broker.keep(SEARCH, 7, bytes.subarray(0, 10));
    await broker.keep(SEARCH, 7, bytes);
    await server.kill();
    const kept = broker.kept(SEARCH, 7);
    await server.start();
    assert.deepEqual(await kept, bytes);
    assert.equal(await broker.kept(SEARCH, 8), null);
    await broker.forget(SEARCH, "r", [7, 8]);
    assert.equal(await broker.kept(SEARCH, 7), null);
  },
);

testUnless(NO_NATS, "a server without JetStream, or none, is refused in one line", async () => {
  await using server = await NatsServer.start(false);
  const refusals: [string, RegExp][] = [
    ["nats://127.0.0.1:9", /^Cannot use the NATS server at .*:9: .*; start it, or correct --nats$/],
    [server.url, /^Cannot use the NATS server at .*: .*; start it with JetStream, as in nats-/],
  ];
  for (const [url, message] of refusals) {
    await assert.rejects(
      Broker.connect(url),
      (error) => error instanceof WeftError && message.test(error.message),
    );
  }
});

testUnless(
  NO_NATS,
  "a worker drops what no search could have sent, and writes nothing",
  async () => {
    await using server = await NatsServer.start();
    await using broker = await Broker.connect(server.url);
    await using worker = await Machine.create();
    const trial = {
      ...{ trial: 1, run: "s-001", status: "running", begun: true, options: { epochs: 1 } },
      ...{ epochs: 0, validationLoss: null, validationAccuracy: null, scores: [] },
    };
    const step = { search: SEARCH, version: "0", trial, until: null, data: [], sha256: {} };
    const hostile: unknown[] = [
      "nothing",
      { ...step, search: "../../s" },
      { ...step, trial: { ...trial, run: "../s" } },
      { ...step, trial: { ...trial, options: { runs: "/tmp" } } },
      { ...step, trial: { ...trial, options: { resume: "mine" } } },
      { ...step, data: ["--allow-all"] },
      { ...step, data: ["/etc/passwd", "--run=mine"] },
    ];
    for (const [i, message] of hostile.entries()) await broker.offer(SEARCH, `${i}.end`, message);
    worker.start("search:worker", "--nats", server.url, "--workers", "1");
    await eventually(() => broker.waiting(), (count) => count === 0);
    await worker.kill("SIGTERM");
    assert.equal(await broker.waiting(), 0);
    assert.deepEqual(worker.workplace.contents("runs"), []);
    assert.deepEqual(worker.workplace.contents(), ["runs"]);
  },
);
