/** Contract of downloads, against a real server on this machine. */

import assert from "node:assert/strict";
import { downloadSource } from "../../data/download.ts";
import { FILE_NAMES, type FileName } from "../../data/files.ts";
import type { Progress } from "../../data/source.ts";
import { fingerprintsOf, gzip, smallIdxFiles } from "../support/idx_files.ts";

const FILES = smallIdxFiles();
const EXPECTED = fingerprintsOf(FILES);
const TIMEOUTS = { connectMs: 300, stallMs: 300 };

/** A server, for as long as the block lasts. */
function serve(handler: (name: string) => Response | Promise<Response>) {
  const controller = new AbortController();
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: controller.signal,
      onListen: () => {},
      onError: () => new Response(null),
    },
    (request) => handler(new URL(request.url).pathname.slice(1)),
  );
  return {
    address: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      controller.abort();
      await server.finished;
    },
  };
}

/** Fetches from a server with this handler. */
async function fetchFrom(handler: Parameters<typeof serve>[0], signal?: AbortSignal) {
  await using server = serve(handler);
  const progress: Progress[] = [];
  const files = await downloadSource(server.address, TIMEOUTS).fetchFiles({
    expected: EXPECTED,
    cacheDir: "unused",
    onProgress: (step) => progress.push(step),
    signal,
  });
  return { files, progress, address: server.address };
}

async function compressed(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return await gzip(FILES[name.replace(/\.gz$/, "") as FileName]);
}

/** A body that sends `bytes` and then nothing, until the client goes away. */
function stalling(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(bytes) });
}

Deno.test("the four files are downloaded and decompressed, with progress", async () => {
  const { files, progress, address } = await fetchFrom(async (name) =>
    new Response(await compressed(name))
  );
  assert.deepEqual([...files.keys()], [...FILE_NAMES]);
  for (const name of FILE_NAMES) {
    assert.deepEqual(files.get(name)?.bytes, FILES[name]);
    const size = (await compressed(name)).length;
    const steps = progress.filter(({ file }) => file === `${name}.gz`);
    assert.deepEqual(steps[0], {
      source: address,
      file: `${name}.gz`,
      receivedBytes: 0,
      totalBytes: size,
    });
    assert.equal(steps.at(-1)?.receivedBytes, size);
  }
});

Deno.test("files that a server compresses once more on the way arrive too, of unknown length", async () => {
  const { files, progress } = await fetchFrom(async (name) => {
    const body = await gzip(await compressed(name));
    return new Response(body, { headers: { "content-encoding": "gzip" } });
  });
  assert.deepEqual(files.get("train-images-idx3-ubyte")?.bytes, FILES["train-images-idx3-ubyte"]);
  assert(progress.every(({ totalBytes }) => totalBytes === null));
});

Deno.test("each way in which a download fails has its own reason", async (t) => {
  const first = "train-images-idx3-ubyte.gz";
  const body = await compressed(first);
  const cases: [name: string, handler: Parameters<typeof serve>[0], reason: RegExp][] = [
    [
      "the file is not there",
      () => new Response("no", { status: 404, statusText: "Not Found" }),
      new RegExp(`^${first}: the server answers 404 Not Found$`),
    ],
    [
      "another file is there",
      async () => new Response(await gzip(new Uint8Array([1, 2, 3]))),
      /train-images-idx3-ubyte\.gz is damaged or another file: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}$/,
    ],
    [
      "a page of text is there",
      () => new Response("<html>Log in to this network</html>"),
      /is damaged or another file/,
    ],
    ["gzip breaks off", () => new Response(body.slice(0, -9)), /^Cannot decompress .*breaks off/],
    [
      "the connection breaks off",
      () => {
        let sent = false;
        const broken = new ReadableStream({
          pull(controller) {
            if (sent) throw new Error("the test breaks the connection off");
            sent = true;
            controller.enqueue(body.slice(0, 20));
          },
        });
        return new Response(broken, { headers: { "content-length": String(body.length) } });
      },
      new RegExp(`^${first}: .*(error|closed|reset|end of file|incomplete)`),
    ],
    [
      "the body is far too long",
      () => new Response(new Uint8Array(100_000)),
      new RegExp(`^${first}: it is larger than the 1160 bytes expected$`),
    ],
    [
      "the server does not answer",
      () => new Promise<Response>(() => {}),
      new RegExp(`^${first}: no answer for 0.3 s$`),
    ],
    [
      "the body stalls",
      () => new Response(stalling(body.slice(0, 20))),
      new RegExp(`^${first}: the download stalls after 20 bytes for 0.3 s$`),
    ],
  ];
  for (const [name, handler, reason] of cases) {
    await t.step(name, async () => {
      await assert.rejects(fetchFrom(handler), (error: Error) => {
        assert.match(error.message, reason);
        return true;
      });
    });
  }
});

/** Sends a client on. */
function redirect(location: string, status = 302): Response {
  return new Response(null, { status, headers: { location } });
}

Deno.test("a server may send us on to its own files", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const { files } = await fetchFrom(async (name) => {
      const moved = name.match(/^moved\/(.*)$/)?.[1];
      return moved ? new Response(await compressed(moved)) : redirect(`/moved/${name}`, status);
    });
    for (const name of FILE_NAMES) assert.deepEqual(files.get(name)?.bytes, FILES[name]);
  }
});

Deno.test("no other server is asked, wherever a server sends us", async (t) => {
  let strangers = 0;
  await using stranger = serve(async (name) => {
    strangers++;
    return new Response(await compressed(name));
  });
  const first = "train-images-idx3-ubyte.gz";
  const refused = (where: string) => `${first}: the server sends us to ${where}, from which no`;
  const cases: [name: string, location: string, reason: string][] = [
    ["another port", `${stranger.address}/${first}`, refused(stranger.address)],
    ["another host", "https://example.org/", refused("https://example.org")],
    [
      "one of the authors' addresses, unencrypted",
      "http://raw.githubusercontent.com/",
      refused("http://raw.githubusercontent.com"),
    ],
    [
      "another port of theirs",
      "https://raw.githubusercontent.com:8443/",
      refused("https://raw.githubusercontent.com:8443"),
    ],
    [
      "a host whose name begins like theirs",
      "https://raw.githubusercontent.com.example.org/",
      refused("https://raw.githubusercontent.com.example.org"),
    ],
    [
      "a host behind their name as a user's",
      "https://raw.githubusercontent.com@example.org/",
      refused("https://example.org"),
    ],
    ["a file of this machine", "file:///etc/passwd", refused("null")],
    ["data itself", "data:text/plain,x", refused("null")],
    ["no address", "http://[", refused("no address")],
    ["itself, for ever", `/${first}`, `${first}: the server sends us elsewhere more than 5 times`],
  ];
  for (const [name, location, reason] of cases) {
    await t.step(name, async () => {
      await assert.rejects(fetchFrom(() => redirect(location)), (error: Error) => {
        assert(error.message.startsWith(reason), error.message);
        return true;
      });
    });
  }
  await t.step("another port, at the second step", async () => {
    const handler = (name: string) =>
      redirect(name === "on" ? `${stranger.address}/${first}` : "/on");
    await assert.rejects(fetchFrom(handler), new RegExp(`sends us to ${stranger.address}`));
  });
  assert.equal(strangers, 0);
});

Deno.test("an address where nothing listens fails at once", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const source = downloadSource(`http://127.0.0.1:${port}`);
  const context = { expected: EXPECTED, cacheDir: "unused", onProgress: () => {} };
  await assert.rejects(source.fetchFiles(context), /: client error \(Connect\).*refused/);
});

Deno.test("a download that is aborted ends with the signal's reason", async () => {
  const controller = new AbortController();
  const handler = () => {
    setTimeout(() => controller.abort(new Error("enough")), 20);
    return new Response(stalling(new Uint8Array(10)));
  };
  await assert.rejects(fetchFrom(handler, controller.signal), /^Error: enough$/);
});
