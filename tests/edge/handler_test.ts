/** The handler of the predictor for the edge: what it answers, and what it refuses. */

import assert from "node:assert/strict";
import { encode } from "fast-png";
import { type Handler, makeHandler } from "../../lib/edge/handler.ts";
import { LIMITS, type Limits } from "../../lib/edge/limits.ts";
import { networkInputOfPng } from "../../lib/image/network_input.ts";
import { predictProbabilities } from "../../lib/train/inference.ts";
import { noisyModel, noisyPixels, PAGE, predictorOf } from "./models.ts";

const [HEIGHT, WIDTH] = [6, 5];
const INPUTS = HEIGHT * WIDTH;
const model = noisyModel(HEIGHT, WIDTH, [7], 4);
const predictor = await predictorOf(model);

function handlerWith(limits: Partial<Limits> = {}): Handler {
  return makeHandler(predictor, PAGE, { ...LIMITS, ...limits });
}

const handler = handlerWith();

function post(body: BodyInit | null, type = "application/json", path = "/predict"): Request {
  return new Request(`http://edge${path}`, {
    method: "POST",
    headers: type ? { "content-type": type } : {},
    body,
  });
}

function pixels(...rows: unknown[]): string {
  return JSON.stringify({ pixels: rows.length === 1 ? rows[0] : rows });
}

function image(rows = 1): number[][] {
  const bytes = noisyPixels(rows, INPUTS);
  return Array.from({ length: rows }, (_, i) => [...bytes.slice(i * INPUTS, (i + 1) * INPUTS)]);
}

/** Asserts that a request is refused, in one line. */
async function assertRefused(
  response: Response,
  status: number,
  message: RegExp | string,
): Promise<void> {
  const { error } = await response.json();
  assert.equal(response.status, status, error);
  assert.match(error, /^Cannot [^\n]+$/);
  assert(error.length < 300, error);
  if (typeof message === "string") assert.equal(error, message);
  else assert.match(error, message);
}

/** A body of `pieces` of so many bytes; `onCancel` hears that nobody wants more. */
function stream(pieces: number, bytes: number, onCancel = () => {}): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      if (pieces-- > 0) controller.enqueue(new Uint8Array(bytes).fill(0x20));
      else controller.close();
    },
    cancel: onCancel,
  });
}

async function expected(bytes: Uint8Array) {
  const [row] = await predictProbabilities(model, bytes);
  return Object.fromEntries(model.classNames.map((name, i) => [name, row[i]]));
}

Deno.test("an image and a batch are answered as the library answers", async () => {
  const [first, second] = image(2);
  const answers = await Promise.all(
    [first, second].map(async (row) => {
      const response = await handler(post(pixels(row)));
      assert.equal(response.status, 200);
      const answer = await response.json();
      assert.deepEqual(answer.probabilities, await expected(Uint8Array.from(row)));
      const largest = Math.max(...Object.values<number>(answer.probabilities));
      assert.equal(answer.probabilities[answer.predicted], largest);
      return answer;
    }),
  );
  const batch = await handler(post(pixels(first, second)));
  assert.deepEqual(await batch.json(), { predictions: answers });
  const one = await handler(post(JSON.stringify({ pixels: [first] }), "Application/JSON; a=b"));
  assert.deepEqual(await one.json(), { predictions: [answers[0]] });
});

Deno.test("an image whose pixels are 0 and 1 is answered with a note, and no other", async () => {
  const [row] = image();
  const scaled = row.map((byte) => byte > 0 ? 1 : 0);
  const { predictions } = await (await handler(post(pixels(row, scaled)))).json();
  assert.equal(predictions[0].note, undefined);
  assert.match(
    predictions[1].note,
    /^all pixels of the image are 0 or 1, .* multiply them by 255$/,
  );
  assert.equal(typeof predictions[1].predicted, "string");
});

Deno.test("probabilities that are not finite are the model's fault, and no answer", async () => {
  const huge = noisyModel(HEIGHT, WIDTH, [], 4);
  huge.parameters[0].weights.fill(3e38);
  const broken = makeHandler(await predictorOf(huge), PAGE);
  const [row] = image();
  const message = /^Cannot answer: the model's probabilities of image 1 are not finite/;
  const black = row.map(() => 0);
  await assertRefused(await broken(post(pixels(black, row.map(() => 255)))), 500, message);
  assert.equal((await broken(post(pixels(black)))).status, 200);
});

Deno.test("a PNG is answered as the library answers, inverted where that is asked for", async () => {
  const png = encode({ width: 9, height: 13, data: noisyPixels(1, 9 * 13), channels: 1 });
  for (const [query, invert] of [["", false], ["?invert=1", true], ["?invert=0", false]] as const) {
    const response = await handler(post(Uint8Array.from(png), "image/png", `/predict${query}`));
    const input = networkInputOfPng(png, "p.png", { height: HEIGHT, width: WIDTH, invert });
    assert.deepEqual((await response.json()).probabilities, await expected(input), query);
  }
});

Deno.test("a flag is read in any usual spelling, and what is none is refused by its name", async () => {
  const png = Uint8Array.from(
    encode({ width: 5, height: 6, data: noisyPixels(1, 30), channels: 1 }),
  );
  const answerTo = (query: string) => handler(post(png, "image/png", `/predict${query}`));
  const [plain, inverted] = await Promise.all(
    ["", "?invert=1"].map(async (query) => await (await answerTo(query)).json()),
  );
  assert.notDeepEqual(plain, inverted);
  for (const value of ["0", "false", "False", "FALSE", "no", "No", "off", "OFF"]) {
    assert.deepEqual(await (await answerTo(`?invert=${value}`)).json(), plain, value);
  }
  for (const query of ["?invert", ...["true", "True", "YES", "on"].map((v) => `?invert=${v}`)]) {
    assert.deepEqual(await (await answerTo(query)).json(), inverted, query);
  }
  const refused: [query: string, message: RegExp][] = [
    ["?invert=", /: invert is ""; send one of 1, true, yes, on, 0, false, no, off$/],
    ["?invert=None", /: invert is "None"; send one of/],
    ["?invert=2", /: invert is "2"; send one of/],
    ["?invert=%ff", /: invert is ".";/],
    [`?invert=${"x".repeat(9999)}`, /: invert is "x{40}\.\.\.";/],
    ["?invert=0&invert=1", /: invert comes 2 times; send it once$/],
    ["?inverted=1", /: there is no parameter "inverted"; invert is the only one$/],
    ["?INVERT=1", /: there is no parameter "INVERT"/],
    ["?__proto__=1", /: there is no parameter "__proto__"/],
  ];
  for (const [query, message] of refused) {
    await assertRefused(await answerTo(query), 400, message);
  }
  const json = (query: string) => handler(post(pixels(...image()), undefined, `/predict${query}`));
  await assertRefused(await json("?invert=1"), 400, /^Cannot invert pixels: invert=1 is for image/);
  assert.equal((await json("?invert=0")).status, 200);
});

Deno.test("a body that is encoded is refused by the encoding's name", async () => {
  const encoded = (encoding: string, type: string) =>
    handler(
      new Request("http://edge/predict", {
        method: "POST",
        headers: { "content-type": type, "content-encoding": encoding },
        body: pixels(...image()),
      }),
    );
  for (
    const encoding of ["gzip", "deflate", "br", "zstd", "x-gzip", "GZIP", "gzip, br", "aes128gcm"]
  ) {
    for (const type of ["application/json", "image/png"]) {
      const response = await encoded(encoding, type);
      assert.equal(response.headers.get("accept-encoding"), "identity");
      await assertRefused(
        response,
        415,
        `Cannot predict from a body whose content-encoding is ${encoding.toLowerCase()}: ` +
          "send it as it is, without one",
      );
    }
  }
  assert.equal((await encoded("identity", "application/json")).status, 200);
});

/** What a browser asks beforehand, for a page of another origin. */
function preflight(origin: string, path = "/predict", more: Record<string, string> = {}): Request {
  return new Request(`http://edge${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
      ...more,
    },
  });
}

Deno.test("pages of other origins may ask where that is allowed, and nowhere else", async () => {
  const origin = "http://localhost:3000";
  const from = (origin: string) =>
    new Request("http://edge/predict", {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      body: pixels(...image()),
    });
  const allowed = (response: Response) => response.headers.get("access-control-allow-origin");

  const closed = await handler(preflight(origin));
  assert.deepEqual([closed.status, allowed(closed)], [405, null]);
  assert.equal(allowed(await handler(from(origin))), null);

  const open = makeHandler(predictor, PAGE, LIMITS, [origin, "https://a.example"]);
  const asked = await open(preflight(origin));
  assert.deepEqual([asked.status, asked.body, allowed(asked)], [204, null, origin]);
  assert.equal(asked.headers.get("access-control-allow-methods"), "POST");
  assert.equal(asked.headers.get("access-control-allow-headers"), "content-type");
  assert.equal(asked.headers.get("vary"), "origin");
  assert.equal(asked.headers.get("access-control-allow-private-network"), null);
  const inside = await open(preflight(origin, "/predict", {
    "access-control-request-private-network": "true",
  }));
  assert.equal(inside.headers.get("access-control-allow-private-network"), "true");
  const answered = await open(from(origin));
  assert.deepEqual([answered.status, allowed(answered)], [200, origin]);
  // A refusal is an answer, too.
  const refused = await open(
    new Request("http://edge/predict", { method: "POST", headers: { origin }, body: "{" }),
  );
  assert.deepEqual([refused.status, allowed(refused)], [415, origin]);
  const files = await open(preflight(origin, "/healthz"));
  assert.equal(files.headers.get("access-control-allow-methods"), "GET, HEAD");

  for (
    const other of ["http://localhost:3001", "https://localhost:3000", "null", `${origin}.evil`]
  ) {
    const refused = await open(preflight(other));
    assert.deepEqual([refused.status, allowed(refused)], [405, null], other);
    const answered = await open(from(other));
    assert.deepEqual([answered.status, allowed(answered)], [200, null], other);
    assert.equal(answered.headers.get("vary"), "origin");
  }
  assert.equal((await open(preflight(origin, "/nothing"))).status, 404);
  const any = makeHandler(predictor, PAGE, LIMITS, ["*"]);
  assert.equal(allowed(await any(preflight("null"))), "*");
  assert.equal(allowed(await any(from("https://b.example"))), "*");
});

Deno.test("an address that is none is the sender's, and no defect", async () => {
  for (const url of ["http://127.0.0.1:80:80/", "http://[::1/", "http://edge/%ff"]) {
    const request = new Request("http://edge/");
    Object.defineProperty(request, "url", { value: url });
    await assertRefused(await handler(request), 400, /^Cannot read the address of this request: /);
  }
  const health = await handler(new Request("http://edge/%68ealthz"));
  assert.deepEqual(await health.json(), { status: "ok" });
});

Deno.test("the page, its files and the state of health come, with headers that keep other sites out", async () => {
  for (
    const [path, type] of [
      ["/", "text/html; charset=utf-8"],
      ["/page.css", "text/css; charset=utf-8"],
      ["/page.js", "text/javascript; charset=utf-8"],
      ["/healthz", "application/json"],
    ]
  ) {
    const response = await handler(new Request(`http://edge${path}`));
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, type]);
    assert.match(response.headers.get("content-security-policy")!, /^default-src 'none'; /);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    await response.body?.cancel();
    const head = await handler(new Request(`http://edge${path}`, { method: "HEAD" }));
    assert.deepEqual([head.status, head.body], [200, null]);
  }
  const response = await handler(new Request("http://edge/healthz"));
  assert.deepEqual(await response.json(), { status: "ok" });
});

Deno.test("paths, methods and types that there are not are refused", async () => {
  const get = await handler(new Request("http://edge/predict"));
  assert.equal(get.headers.get("allow"), "POST");
  await assertRefused(get, 405, "Cannot GET /predict: it takes POST");
  const posted = await handler(post("", "", "/healthz"));
  assert.equal(posted.headers.get("allow"), "GET, HEAD");
  await assertRefused(posted, 405, "Cannot POST /healthz: it takes GET, HEAD");
  await assertRefused(
    await handler(new Request("http://edge/predict/x")),
    404,
    "Cannot find /predict/x: there are /, /healthz, /predict and /schema",
  );
  await assertRefused(await handler(new Request(`http://edge/${"x".repeat(9999)}`)), 404, /\/xxx/);
  for (const type of ["", "text/plain", "image/jpeg", "x".repeat(9999)]) {
    await assertRefused(await handler(post("{}", type)), 415, /: send application\/json or image/);
  }
});

Deno.test("JSON that is not images of the model's shape is refused, and where is said", async () => {
  const [row, other] = image(2);
  const withPixel = (json: string) => pixels(row).replace(/\d+\]/, `${json}]`);
  const cases: [body: BodyInit | null, message: RegExp][] = [
    [null, /: it is not JSON; send \{"pixels": \[\.\.\.\]\}$/],
    ["", /: it is not JSON/],
    ["{", /: it is not JSON/],
    [new Uint8Array([0x22, 0xff, 0x22]), /: it is not JSON/],
    ["[".repeat(100_000), /: it is not JSON/],
    ["null", /: it has no array "pixels"/],
    ["[1]", /: it has no array "pixels"/],
    ["{}", /: it has no array "pixels"/],
    ['{"pixels":"0"}', /: it has no array "pixels"/],
    ['{"pixels":{"length":30}}', /: it has no array "pixels"/],
    ['{"__proto__":{"pixels":[]}}', /: it has no array "pixels"/],
    ['{"pixels":[]}', /: image 0 has 0 pixels; send 6 x 5 = 30 pixels, row by row$/],
    [pixels([...row, 0]), /: image 0 has 31 pixels; send 6 x 5 = 30/],
    [pixels(row, other.slice(1)), /: image 1 has 29 pixels/],
    [pixels(row, 7), /: image 1 is 7, not an array/],
    [pixels(row, null), /: image 1 is null, not an array/],
    [pixels(row, {}), /: image 1 is an object, not an array/],
    [pixels(row, other.map(() => [0])), /: pixel 0 of image 1 is an array; send whole numbers/],
    [withPixel("NaN"), /: it is not JSON/],
    [withPixel("null"), /: pixel 29 of image 0 is null; send whole numbers from 0 to 255$/],
    [withPixel('"12"'), /: pixel 29 of image 0 is "12"; /],
    [withPixel(`"${"x".repeat(999)}"`), /: pixel 29 of image 0 is "x{39}\.\.\.; /],
    [withPixel("true"), /: pixel 29 of image 0 is true; /],
    [withPixel("{}"), /: pixel 29 of image 0 is an object; /],
    [withPixel("0.5"), /: pixel 29 of image 0 is 0\.5; /],
    [withPixel("-1"), /: pixel 29 of image 0 is -1; /],
    [withPixel("256"), /: pixel 29 of image 0 is 256; /],
    [withPixel("4294967296"), /: pixel 29 of image 0 is 4294967296; /],
    [withPixel("1e999"), /: pixel 29 of image 0 is Infinity; /],
  ];
  for (const [body, message] of cases) {
    await assertRefused(await handler(post(body)), 400, message);
  }
});

Deno.test("a PNG that is none, is damaged, or is far too large is refused", async () => {
  const png = encode({ width: 9, height: 13, data: noisyPixels(1, 9 * 13), channels: 1 });
  const huge = Uint8Array.from(png);
  // Width and height stand after the signature, the length and the type of the first chunk.
  new DataView(huge.buffer).setUint32(16, 30_000);
  new DataView(huge.buffer).setUint32(20, 30_000);
  const cases: [body: Uint8Array<ArrayBuffer>, message: RegExp][] = [
    [new Uint8Array(0), /^Cannot read the body as a PNG image: it does not begin as a PNG file/],
    [huge, /: it is 30000 x 30000 pixels, and at most 1024 x 1024 are read; make it smaller\.$/],
    [Uint8Array.from(png.subarray(0, -20)), /: it breaks off, so it is truncated or damaged\.$/],
  ];
  for (const [body, message] of cases) {
    await assertRefused(await handler(post(body, "image/png")), 400, message);
  }
});

Deno.test("a body that is too long is refused by its header, and where it has none, on the way", async () => {
  const small = handlerWith({ bodyBytes: 1000 });
  const tooLong = "Cannot read the body: it is longer than 1000 bytes; send fewer images, or " +
    "smaller ones";
  const announced = post(null);
  announced.headers.set("content-length", "1001");
  await assertRefused(await small(announced), 413, tooLong);
  const cancelled = Promise.withResolvers<void>();
  await assertRefused(
    await small(post(stream(Infinity, 400, () => cancelled.resolve()))),
    413,
    tooLong,
  );
  await cancelled.promise;
  await assertRefused(await small(post(stream(2, 400))), 400, /: it is not JSON/);
});

Deno.test("more images than may come at once are refused", async () => {
  const body = pixels(...image(4));
  assert.equal((await handlerWith({ images: 4 })(post(body))).status, 200);
  await assertRefused(
    await handlerWith({ images: 3 })(post(body)),
    413,
    "Cannot predict from 4 images at once: at most 3 are read; send fewer",
  );
});

Deno.test("a sender that is too slow or breaks off is told so, and holds nothing any more", async () => {
  const patient = handlerWith({ arrivalMs: 20, requests: 1 });
  const cancelled = Promise.withResolvers<void>();
  const never = new ReadableStream<Uint8Array>({
    pull: () => new Promise(() => {}),
    cancel: () => cancelled.resolve(),
  });
  await assertRefused(
    await patient(post(never)),
    408,
    "Cannot read the body: it has not arrived after 0.02 s; send it faster, or less of it",
  );
  await cancelled.promise;
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new Error("connection reset")),
  });
  await assertRefused(await patient(post(broken)), 400, /^Cannot read the body: it broke off; /);
  // Short bodies that say how long they are take another way.
  const short = (body: BodyInit) => {
    const request = post(body);
    request.headers.set("content-length", "100");
    return patient(request);
  };
  await assertRefused(
    await short(new ReadableStream({ pull: () => new Promise(() => {}) })),
    408,
    /0/,
  );
  await assertRefused(
    await short(new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) })),
    400,
    /^Cannot read the body: it broke off; /,
  );
  assert.equal((await short(pixels(...image()))).status, 200);
  assert.equal((await patient(post(pixels(...image())))).status, 200);
});

Deno.test("of a thousand requests at once, those that are too many are told to come again", async () => {
  const crowded = handlerWith({ requests: 100 });
  const [row] = image();
  const responses = await Promise.all(
    Array.from({ length: 1000 }, () => crowded(post(pixels(row)))),
  );
  const statuses = responses.map(({ status }) => status);
  assert.deepEqual(new Set(statuses), new Set([200, 503]));
  assert.equal(statuses.filter((status) => status === 200).length, 100);
  const refused = responses.find(({ status }) => status === 503)!;
  assert.equal(refused.headers.get("retry-after"), "1");
  await assertRefused(
    refused,
    503,
    "Cannot take this request now: 100 others are being read; send it again in a second",
  );
  assert.equal((await crowded(post(pixels(row)))).status, 200);
});

Deno.test("what requests hold together is bounded, and given back", async () => {
  const narrow = handlerWith({ heldBytes: 100_000 });
  const body = () => post(stream(3, 10_000));
  const responses = await Promise.all(Array.from({ length: 20 }, () => narrow(body())));
  const statuses = new Set(responses.map(({ status }) => status));
  // What was read was no JSON; that it was read is what counts.
  assert.deepEqual(statuses, new Set([400, 503]));
  assert.equal((await narrow(body())).status, 400);
  await assertRefused(
    await narrow(post(stream(11, 10_000))),
    503,
    "Cannot take this request now: what is being read takes 100000 bytes already; send it again " +
      "in a second",
  );
  assert.equal((await narrow(body())).status, 400);
});

Deno.test("a defect is said to the log and not to the sender", async () => {
  const said: unknown[] = [];
  const { error } = console;
  console.error = (value: unknown) => said.push(value);
  try {
    const defect = new Error("secret");
    const broken = Object.create(predictor, {
      input: {
        get() {
          throw defect;
        },
      },
    });
    const response = await makeHandler(broken, PAGE)(post(pixels(...image())));
    await assertRefused(response, 500, "Cannot answer: this is a defect of the predictor");
    assert.deepEqual(said, [defect]);
  } finally {
    console.error = error;
  }
});
