import assert from "node:assert/strict";
import { handler as events } from "../../dashboard/routes/api/events.ts";
import { MAX_STREAMS } from "../../dashboard/store/live_stream.ts";
import { RunStore } from "../../dashboard/store/run_store.ts";
import { liveAddress } from "../../dashboard/shared/positions.ts";
import type { RunDetail, RunSummary } from "../../dashboard/shared/types.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd, toLines } from "../support/dashboard.ts";
import { EventReader } from "./event_reader.ts";

/** A server that shows a run of three epochs, and that run as a page gets it. */
async function startWithRun() {
  const runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 3));
  const dashboard = await Dashboard.start(runs.path);
  const detail = await dashboard.json<RunDetail>("/api/runs/a");
  return {
    runs,
    dashboard,
    detail,
    follow: (lastId?: string) =>
      EventReader.open(dashboard.address + liveAddress([detail]), lastId),
    async [Symbol.asyncDispose]() {
      await dashboard[Symbol.asyncDispose]();
      await runs[Symbol.asyncDispose]();
    },
  };
}

Deno.test("what is appended to a log comes as it is written, and the list follows", async () => {
  await using started = await startWithRun();
  await using events = await started.follow();
  const first = await events.nextOf("records");
  assert.deepEqual(first.event.epochs, [], "the page has all there is");
  assert.equal(first.event.state, "running");

  started.runs.append("a", ...epochs(4, 5));
  const appended = await events.nextOf("records");
  assert.deepEqual(appended.event.epochs, epochs(4, 5));
  started.runs.append("a", "no JSON\n", theEnd);
  const ended = await events.nextOf("records");
  assert.deepEqual(ended.event, {
    type: "records",
    name: "a",
    state: "completed",
    epochs: [],
    fallbacks: [],
    end: theEnd,
    problems: [{ line: 7, message: "it is not JSON" }],
  });
  const size = Deno.statSync(started.runs.file("a")).size;
  assert.match(ended.id, new RegExp(`^@\\d+,a@${size}$`));
});

Deno.test("half a line waits for its other half", async () => {
  await using started = await startWithRun();
  await using events = await started.follow();
  await events.nextOf("records");
  const line = toLines(epochs(4, 4)[0]);
  started.runs.append("a", ...epochs(4, 4), line.slice(0, 40).replace('"epoch":4', '"epoch":5'));
  assert.deepEqual((await events.nextOf("records")).event.epochs, epochs(4, 4));
  started.runs.append("a", line.slice(40));
  const { event } = await events.nextOf("records");
  assert.deepEqual(event.epochs.map(({ epoch }) => epoch), [5]);
  assert.deepEqual(event.problems, []);
});

Deno.test("a browser that comes back gets what it has missed, once", async () => {
  await using started = await startWithRun();
  let lastId: string;
  {
    await using events = await started.follow();
    await events.nextOf("records");
    started.runs.append("a", ...epochs(4, 4));
    const { id, event } = await events.nextOf("records");
    assert.deepEqual(event.epochs, epochs(4, 4));
    lastId = id;
  }
  started.runs.append("a", ...epochs(5, 7));
  await using events = await started.follow(lastId);
  assert.deepEqual((await events.nextOf("records")).event.epochs, epochs(5, 7));
});

Deno.test("a browser that has read what this server has not is sent the whole run", async () => {
  await using started = await startWithRun();
  for (const id of ["@5,a@17", `@9999,a@${started.detail.offset + 1000}`]) {
    await using events = await started.follow(id);
    assert.deepEqual((await events.nextOf("restart")).event.detail, started.detail, id);
  }
  const { address } = started.dashboard;
  await using events = await EventReader.open(`${address}/api/events?runs=a`);
  assert.deepEqual((await events.nextOf("restart")).event.detail, started.detail);
});

Deno.test("an id that says nothing leaves it to the address where to begin", async () => {
  await using started = await startWithRun();
  for (const id of ["nonsense", "@,a@", "a@-1", "%", "@1e9,a@0x10"]) {
    await using events = await started.follow(id);
    assert.deepEqual((await events.nextOf("records")).event.epochs, [], id);
  }
});

Deno.test("a log that is truncated or replaced is read anew", async () => {
  await using started = await startWithRun();
  await using events = await started.follow();
  await events.nextOf("records");
  started.runs.write("a", runNamed("a", "2026-11-25T00:00:00.000Z"), ...epochs(1, 1));
  const truncated = (await events.nextOf("restart")).event.detail;
  assert.deepEqual(truncated.epochs, epochs(1, 1));
  // Longer than before, so that its size alone would pass for a continuation.
  started.runs.write("a", runNamed("a", "2026-11-26T00:00:00.000Z"), ...epochs(1, 9));
  const replaced = (await events.nextOf("restart")).event.detail;
  assert.equal(replaced.run?.startedAt, "2026-11-26T00:00:00.000Z");
  assert.deepEqual(replaced.epochs, epochs(1, 9));
});

Deno.test("a run that stops writing without an end is said to, until it continues", async () => {
  await using started = await startWithRun();
  await using events = await started.follow();
  assert.equal((await events.nextOf("records")).event.state, "running");
  const minutesAgo = (Date.now() - 10 * 60_000) / 1000;
  Deno.utimeSync(started.runs.file("a"), minutesAgo, minutesAgo);
  const states: Record<string, string> = {};
  while (!states.summary || !states.records) {
    const { event } = await events.next();
    if (event.type === "summary") states.summary = event.summary.state;
    if (event.type === "records") states.records = event.state;
  }
  assert.deepEqual(states, { summary: "stalled", records: "stalled" });
  started.runs.append("a", ...epochs(4, 4));
  assert.equal((await events.nextOf("records")).event.state, "running");
});

Deno.test("the list hears of runs that come, change and go", async () => {
  await using runs = await RunsFolder.create();
  runs.write("old", runNamed("old"), ...epochs(1, 2), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  await dashboard.json("/api/runs");
  await using events = await EventReader.open(dashboard.address + liveAddress());
  const seen: string[] = [];
  const until = async (word: string) => {
    while (!seen.includes(word)) {
      const { event } = await events.next();
      if (event.type === "summary") {
        const { name, state, epochs }: RunSummary = event.summary;
        seen.push(`${name} ${state} ${epochs}`);
      } else if (event.type === "removed") seen.push(`${event.name} removed`);
    }
  };
  runs.write("new", runNamed("new"), ...epochs(1, 1));
  await until("new running 1");
  runs.append("new", ...epochs(2, 2), theEnd);
  await until("new completed 2");
  Deno.removeSync(`${runs.path}/runs/new`, { recursive: true });
  await until("new removed");
  assert(!seen.includes("old removed"));
});

Deno.test("no stream for runs that are not there, so that the browser stops asking", async () => {
  await using started = await startWithRun();
  const response = await started.dashboard.fetch("/api/events?runs=b,c");
  assert.deepEqual([response.status, await response.text()], [204, ""]);
  await using events = await EventReader.open(`${started.dashboard.address}/api/events?runs=b,a`);
  assert.equal((await events.nextOf("restart")).event.detail.name, "a");
});

Deno.test("one stream follows several runs, whatever they are called", async () => {
  await using runs = await RunsFolder.create();
  const names = ["a", "b, c", "50% @home", "<b>ü</b>".replaceAll("/", "")];
  for (const name of names) runs.write(name, runNamed(name), ...epochs(1, 1));
  await using dashboard = await Dashboard.start(runs.path);
  const details = await Promise.all(
    names.map((name) => dashboard.json<RunDetail>(`/api/runs/${encodeURIComponent(name)}`)),
  );
  await using events = await EventReader.open(dashboard.address + liveAddress(details));
  for (const name of names) runs.append(name, ...epochs(2, 2));
  const grown = new Set<string>();
  while (grown.size < names.length) {
    const { event } = await events.nextOf("records");
    if (event.epochs.length > 0) grown.add(event.name);
    assert(event.epochs.every(({ epoch }) => epoch === 2));
  }
  assert.deepEqual([...grown].sort(), [...names].sort());
});

Deno.test("asking for the head of the stream opens none", async () => {
  await using runs = await RunsFolder.create();
  const store = new RunStore(`${runs.path}/runs`);
  for (const method of ["GET", "HEAD"]) {
    const req = new Request("http://localhost/api/events", { method });
    const context = { req, url: new URL(req.url), params: {}, state: { store } };
    const response = await events.GET(context) as Response;
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.equal(response.body === null, method === "HEAD");
    await response.body?.cancel();
  }
});

Deno.test("more streams than there may be end the oldest, and pages still come", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 1));
  await using dashboard = await Dashboard.start(runs.path);
  const streams: ReadableStreamDefaultReader<Uint8Array>[] = [];
  for (let i = 0; i < MAX_STREAMS + 30; i++) {
    const { body, status } = await dashboard.fetch("/api/events");
    assert.equal(status, 200);
    streams.push(body!.getReader());
  }
  assert.equal((await dashboard.fetch("/api/runs")).status, 200);
  for (const stream of streams.slice(0, 30)) {
    while (!(await stream.read()).done);
  }
  for (const stream of streams.slice(30)) {
    assert.equal((await stream.read()).done, false);
    await stream.cancel();
  }
});
