/** The server under both the dashboard and `serve`: connections that are too many, too slow, or no HTTP. */

import assert from "node:assert/strict";
import type { ServerLimits } from "../../lib/local_server/limits.ts";
import { nameOfHost } from "../../lib/local_server/host_names.ts";
import { type Handler, serve, takePort } from "../../lib/local_server/server.ts";
import { NO_UNIX, testUnless } from "../support/cli.ts";
import { Dashboard, RunsFolder, startDashboardUnder } from "../support/dashboard.ts";
import { exported } from "../edge/exported.ts";
import { stripedModel } from "../support/striped_images.ts";

const PATIENT: ServerLimits = {
  connections: 8,
  graceMs: 20,
  headMs: 60_000,
  stalledMs: 60_000,
  lingerMs: 60_000,
};

/** A server in this process, and its port. */
class LocalServer implements AsyncDisposable {
  readonly listener = takePort(0);
  readonly #ended: Promise<void>;

  constructor(handler: Handler, limits: Partial<ServerLimits> = {}) {
    this.#ended = serve(this.listener, {
      handler,
      refuse: (status, problem) => new Response(problem, { status }),
      limits: { ...PATIENT, ...limits },
    });
  }

  get port(): number {
    return this.listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.listener.close();
    await this.#ended;
  }
}

async function connect(port: number, sent: string): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(sent));
  return conn;
}

/** All that comes until the other side closes. */
async function readAll(conn: Deno.TcpConn): Promise<string> {
  return await new Response(conn.readable).text().catch(() => "");
}

/** What is answered to one request; the connection is asked to close. */
async function ask(port: number, start: string, headers = "Host: 127.0.0.1\r\n", body = "") {
  const head = `${start} HTTP/1.1\r\n${headers}Connection: close\r\n\r\n`;
  return await readAll(await connect(port, head + body));
}

const hello: Handler = async (request) =>
  new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);

Deno.test("as many connections as there may be that never finish their head keep no one out", async () => {
  await using server = new LocalServer(hello);
  const halves = await Promise.all(
    Array.from({ length: 40 }, () => connect(server.port, "GET / HTTP/1.1\r\nX: ")),
  );
  assert.match(await ask(server.port, "GET /a"), /^HTTP\/1\.1 200 OK\r\n[^]*GET \/a $/);
  // All but the last have made room.
  const gone = await Promise.all(halves.slice(0, -PATIENT.connections).map(readAll));
  assert(gone.every((text) => text === ""));
  for (const half of halves.slice(-PATIENT.connections)) half.close();
});

Deno.test("as many bodies as there may be that never come whole keep no one out", async () => {
  await using server = new LocalServer(hello);
  const head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx";
  const halves = await Promise.all(Array.from({ length: 40 }, () => connect(server.port, head)));
  assert.match(await ask(server.port, "GET /a"), /^HTTP\/1\.1 200 OK\r\n[^]*GET \/a $/);
  for (const half of halves) half.close();
});

Deno.test("a head that does not come in time, and an answer that is not read, end their connection", async () => {
  await using server = new LocalServer(
    hello,
    { headMs: 100 },
  );
  assert.equal(await readAll(await connect(server.port, "GET / HTTP/1.1\r\nX: ")), "");
  const kept = await connect(server.port, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert.match(await readAll(kept), /^HTTP\/1\.1 200 OK/, "and none comes after it");

  const asked = Promise.withResolvers<void>();
  await using small = new LocalServer(({ method }) => {
    asked.resolve();
    return new Response(method === "GET" ? new Uint8Array(64 * 2 ** 20) : null);
  }, { connections: 1, stalledMs: 100 });
  const deaf = await connect(small.port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await asked.promise;
  // Only one connection may be open: this one waits until the other is given up.
  assert.match(await ask(small.port, "HEAD /"), /^HTTP\/1\.1 200 OK/);
  deaf.close();
});

Deno.test("those who are busy keep their connection, and the next one waits for its turn", async () => {
  const [begun, first] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using server = new LocalServer(async ({ url }) => {
    begun.resolve();
    if (url.endsWith("/slow")) await first.promise;
    return new Response("done");
  }, { connections: 1 });
  const slow = ask(server.port, "GET /slow");
  await begun.promise;
  const next = ask(server.port, "GET /next");
  // Long enough for the other to be turned out, if it could be.
  await new Promise((resolve) => setTimeout(resolve, 100));
  first.resolve();
  assert.match(await slow, /done$/);
  assert.match(await next, /done$/);
});

Deno.test("several requests on one connection are answered in their order", async () => {
  const seen: string[] = [];
  await using server = new LocalServer(async ({ url }) => {
    const { pathname } = new URL(url);
    seen.push(`begin ${pathname}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.push(`end ${pathname}`);
    return new Response(pathname);
  });
  const one = (path: string, last = "") => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${last}\r\n`;
  const text = await readAll(
    await connect(server.port, one("/1") + one("/2") + one("/3", "Connection: close\r\n")),
  );
  assert.deepEqual(text.match(/\/\d$|\/\dHTTP/g), ["/1HTTP", "/2HTTP", "/3"]);
  assert.deepEqual(seen, ["begin /1", "end /1", "begin /2", "end /2", "begin /3", "end /3"]);
});

Deno.test("bodies come whole, and what is left of one is not read for ever", async () => {
  await using server = new LocalServer(
    (request) => request.url.endsWith("/no") ? new Response("no", { status: 413 }) : hello(request),
    { lingerMs: 100 },
  );
  const headers = "Host: localhost\r\nContent-Length: 300000\r\n";
  const body = "x".repeat(300_000);
  assert.match(
    await ask(server.port, "POST /yes", headers, body),
    /200 OK[^]*POST \/yes x{300000}$/,
  );
  const chunked = "Host: localhost\r\nTransfer-Encoding: chunked\r\n";
  assert.match(await ask(server.port, "POST /c", chunked, "2\r\nab\r\n0\r\n\r\n"), /POST \/c ab$/);
  const endless = await connect(
    server.port,
    "POST /no HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\nx",
  );
  assert.match(await readAll(endless), /^HTTP\/1\.1 413[^]*connection: close[^]*no$/);
});

Deno.test("a request that is none is refused, and a client that breaks off is no defect", async () => {
  await using server = new LocalServer(hello);
  const cases: [start: string, headers: string, status: number][] = [
    ["GET /", "Host: 127.0.0.1:80:80\r\n", 400],
    ["GET /", "Host: 127.0.0.1:99999\r\n", 400],
    ["GET /", "Host: a@127.0.0.1\r\n", 400],
    ["GET /", "Host: [::1\r\n", 400],
    ["GET /", "Host: \r\n", 400],
    ["GET /", "Host: a\r\nHost: b\r\n", 400],
    ["GET /", "", 400],
    ["GET http://a:b:c/", "Host: localhost\r\n", 400],
    ["GET https://localhost/", "Host: localhost\r\n", 400],
    ["OPTIONS *", "Host: localhost\r\n", 400],
    ["TRACE /", "Host: localhost\r\n", 405],
    ["GET /a/../b", "Host: localhost\r\n", 400],
    ["GET /a/%2e%2E/b", "Host: localhost\r\n", 400],
    ["GET /a%2f..", "Host: localhost\r\n", 400],
    ["GET /a\\..\\b", "Host: localhost\r\n", 400],
    ["GET /%", "Host: localhost\r\n", 400],
    ["GET /%ff", "Host: localhost\r\n", 400],
    ["\x16\x03\x01", "", 400],
    ["PRI *", "Host: localhost\r\nContent-Length: -1\r\n", 400],
    ["GET /", `Host: localhost\r\nX: ${"x".repeat(100_000)}\r\n`, 431],
    ["POST /", "Host: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400],
    ["POST /", "Host: localhost\r\nExpect: more\r\nContent-Length: 0\r\n", 417],
    ["GET /", "Host: LocalHost:8421\r\n", 200],
    ["GET /", "Host: [::1]:8421\r\n", 200],
    ["GET http://localhost/x", "Host: other\r\n", 200],
    ["GET //x", "Host: localhost\r\n", 200],
    ["GET /x", "Host: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n", 200],
  ];
  for (const [start, headers, status] of cases) {
    const answer = await ask(server.port, start, headers);
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${start} ${headers}`);
  }
  // The host of a whole address counts, and not the header's.
  assert.equal(nameOfHost("EVIL.example:1"), "evil.example");
  const broken = await connect(
    server.port,
    "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx",
  );
  broken.close();
  assert.match(await ask(server.port, "GET /"), /^HTTP\/1\.1 200/);
});

Deno.test("a stream ends when its reader goes away", async () => {
  const cancelled = Promise.withResolvers<void>();
  await using server = new LocalServer(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
        cancel: () => cancelled.resolve(),
      }),
      { headers: { "content-type": "text/event-stream" } },
    )
  );
  const reader = await connect(server.port, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assert((await reader.read(new Uint8Array(1000)) ?? 0) > 0);
  reader.close();
  await cancelled.promise;
});

/** Files that a process may have open: some more than it has when nobody has asked. */
const FEW_FILES = "ulimit -n 90";

/** Opens connections and asks beside them; `address` is without a slash at its end. */
async function assertBearsCrowd(address: string, path: string): Promise<void> {
  const port = Number(new URL(address).port);
  const crowd: Deno.TcpConn[] = [];
  for (let i = 0; i < 200; i++) crowd.push(await connect(port, "GET / HTTP/1.1\r\nX: "));
  assert.equal((await fetch(address + path)).status, 200);
  for (const conn of crowd) conn.close();
  const after = await fetch(address + path);
  assert.equal(after.status, 200);
}

testUnless(NO_UNIX, "the dashboard keeps on when it may open no more files", async () => {
  await using runs = await RunsFolder.create();
  const process = startDashboardUnder(FEW_FILES, runs.path, "--port", "0");
  await using dashboard = await Dashboard.listening(runs.path, process);
  await assertBearsCrowd(dashboard.address, "/api/runs");
});

testUnless(NO_UNIX, "serve keeps on when it may open no more files", async () => {
  await using workplace = await exported(stripedModel());
  await using process = workplace.startUnder(FEW_FILES, "serve", "--port", "0", "--json");
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  const { address } = JSON.parse(new TextDecoder().decode(value));
  await assertBearsCrowd(address.slice(0, -1), "/healthz");
  await reader.cancel();
  await process.stderr.cancel();
});
