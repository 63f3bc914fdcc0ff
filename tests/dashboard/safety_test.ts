import assert from "node:assert/strict";
import { compareAddress, runAddress } from "../../dashboard/shared/positions.ts";
import { Dashboard, epochs, runNamed, RunsFolder, theEnd } from "../support/dashboard.ts";
import { denoConfig } from "../support/cli.ts";

/** Sends a request that `fetch` would not, and reads the answer's beginning. */
async function rawRequest(address: string, request: string): Promise<string> {
  const { hostname, port } = new URL(address);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(64 * 1024);
  const length = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

Deno.test("the server may do nothing but read, and listen on this machine", () => {
  assert.deepEqual(denoConfig.permissions.dashboard, {
    read: true, // Any folder may be one of runs.
    net: ["127.0.0.1"],
    env: ["INIT_CWD", "WEFT_HOME"],
  });
});

Deno.test("every answer forbids what is not the dashboard's own", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 1), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  for (const path of ["/", "/runs/a", "/api/runs", "/styles.css", "/nothing", "/api/events"]) {
    const response = await dashboard.fetch(path);
    await response.body?.cancel();
    const header = (name: string) => response.headers.get(name);
    const policy = header("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/, path);
    assert.doesNotMatch(policy, /unsafe|\*|http/, path);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(header("x-content-type-options"), "nosniff", path);
    assert.equal(header("cross-origin-resource-policy"), "same-origin", path);
    assert.equal(header("access-control-allow-origin"), null, path);
    assert(header("content-type"), path);
  }
});

Deno.test("a page has no script or style inside of it that a policy would have to allow", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"), ...epochs(1, 5), theEnd);
  await using dashboard = await Dashboard.start(runs.path);
  for (const path of ["/", "/runs/a", "/compare?runs=a", "/backends"]) {
    const html = await (await dashboard.fetch(path)).text();
    assert.doesNotMatch(
      html,
      /<style|\sstyle=|\son[a-z]+=|<script(?! type="(module" src="\/|application\/json"))/,
      path,
    );
  }
});

Deno.test("a name that leads here from elsewhere is refused", async () => {
  await using runs = await RunsFolder.create();
  await using dashboard = await Dashboard.start(runs.path);
  const ask = (host: string) =>
    rawRequest(dashboard.address, `GET /api/runs HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
  for (
    const host of ["evil.example", "evil.example:8421", "127.0.0.1.evil.example", "2130706433"]
  ) {
    assert.match(await ask(`Host: ${host}\r\n`), /^HTTP\/1\.1 403 /, host);
  }
  const { port } = new URL(dashboard.address);
  for (const host of ["127.0.0.1", `127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    assert.match(await ask(`Host: ${host}\r\n`), /^HTTP\/1\.1 200 /, host);
  }
  assert.doesNotMatch(await ask(""), /^HTTP\/1\.1 200 /, "without a Host");
});

Deno.test("nothing can be sent to it", async () => {
  await using runs = await RunsFolder.create();
  await using dashboard = await Dashboard.start(runs.path);
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const response = await dashboard.fetch("/api/runs", { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "GET, HEAD"], method);
    await response.body?.cancel();
  }
  const head = await dashboard.fetch("/", { method: "HEAD" });
  assert.deepEqual([head.status, await head.text()], [200, ""]);
});

Deno.test("no path leads out of the folders", async () => {
  await using runs = await RunsFolder.create();
  runs.write("a", runNamed("a"));
  Deno.writeTextFileSync(`${runs.path}/log.jsonl`, "secret");
  Deno.writeTextFileSync(`${runs.path}/inspection.json`, "secret");
  await using dashboard = await Dashboard.start(runs.path);
  const paths = [
    ...["/../deno.json", "/..%2fdeno.json", "/static/styles.css", "/build/../main.ts", "/main.ts"],
    ...["/build/site.ts", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/runs/..", "/runs/%2e%2e"],
    ...["/runs/..%2f..%2fetc", "/api/runs/..", "/api/runs/%2e%2e/inspection", "/api/runs/."],
    ...["/api/runs/a%2f..", "/api/runs/a%00", "/api/runs/..%5c..", "/runs/%ff%fe", "/%"],
  ];
  for (const path of paths) {
    const answer = await rawRequest(
      dashboard.address,
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, path);
    assert.doesNotMatch(answer, /secret|root:|compilerOptions|Deno\./, path);
  }
});

Deno.test("a name that is HTML is shown as a text", async () => {
  await using runs = await RunsFolder.create();
  const name = '<img src=x onerror="alert(1)">&<script>';
  const text = "</script><script>alert(2)</script>";
  runs.write(name, {
    ...runNamed(text, text),
    config: { preset: text, [text]: text },
    environment: { ...runNamed("").environment, backend: text, adapter: text },
  }, { ...theEnd, error: text, perClass: [{ ...theEnd.perClass![0], name: text }] });
  await using dashboard = await Dashboard.start(runs.path);
  for (const path of ["/", runAddress(name), compareAddress([name, `${name}2`])]) {
    const response = await dashboard.fetch(path);
    assert.equal(response.status, 200, path);
    const html = await response.text();
    assert.doesNotMatch(html, /<img|<script>|<\/script><script>/, path);
    assert.equal(html.match(/<\/script>/g)?.length, 2, path);
  }
});
