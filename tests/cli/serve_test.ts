/** `serve`: whom it answers, and that nothing of a stranger's folder runs. */

import assert from "node:assert/strict";
import { encodePackedModel, MODEL_SECTION, type PackedModel } from "../../lib/edge/packed_model.ts";
import { wasmWithSection } from "../../lib/edge/export/wasm_section.ts";
import { denoConfig, forEachCase, refusalOf, requireSuccess } from "../support/cli.ts";
import { ask, DenoServer, exported, Serve } from "../edge/exported.ts";
import { stripedImage, stripedModel } from "../support/striped_images.ts";

/** A request with a Host that `fetch` would not send; the answer's first line and its end. */
async function askAs(address: string, host: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const conn = await Deno.connect({ hostname, port: Number(port) });
  const request = `GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
  await conn.write(new TextEncoder().encode(request));
  return await new Response(conn.readable).text();
}

Deno.test("the task may read what was exported and its page, and listen on this machine", () => {
  const { read, net } = denoConfig.permissions.serve;
  assert.deepEqual({ read, net }, { read: ["dist", "lib/edge/page"], net: ["127.0.0.1"] });
});

Deno.test("serve answers by this machine's names and those that are allowed, and by no other", async () => {
  await using workplace = await exported(stripedModel());
  await using closed = await Serve.start(workplace);
  for (const host of ["127.0.0.1", "localhost:80", "LOCALHOST", "[::1]:8422"]) {
    assert.match(await askAs(closed.address, host), /^HTTP\/1\.1 200 /, host);
  }
  for (const host of ["evil.example", "127.0.0.1.evil.example", "2130706433", "localhost."]) {
    const answer = await askAs(closed.address, host);
    assert.match(answer, /^HTTP\/1\.1 403 [^]*Cannot answer at the host .*--allow-host/, host);
  }
  assert.match(
    await askAs(closed.address, "127.0.0.1:80:80"),
    /^HTTP\/1\.1 400 [^]*\{"error":"Cannot answer this request: its Host is /,
  );

  const names = ["--allow-host", "Weft.example", "--allow-host", "b.example"];
  const origins = [
    "--allow-origin",
    "http://localhost:3000",
    "--allow-origin",
    "https://a.example",
  ];
  await using open = await Serve.start(workplace, ...names, ...origins);
  for (const host of ["weft.example", "WEFT.example:443", "b.example", "localhost"]) {
    assert.match(await askAs(open.address, host), /^HTTP\/1\.1 200 /, host);
  }
  assert.match(await askAs(open.address, "c.example"), /^HTTP\/1\.1 403 /);
  const asked = await fetch(`${open.address}/predict`, {
    method: "OPTIONS",
    headers: { origin: "https://a.example", "access-control-request-method": "POST" },
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get("access-control-allow-origin"), "https://a.example");
  const page = await (await fetch(`${open.address}/`)).text();
  assert.match(page, /^<!doctype html>/);
  for (const file of ["/page.js", "/page.css"]) {
    assert.equal((await fetch(open.address + file)).status, 200, file);
    assert((await (await fetch(open.address + file)).text()).length > 500, file);
  }
});

Deno.test("an exported predictor lets pages ask whose origin the export allows", async () => {
  await using workplace = await exported(
    stripedModel(),
    ...["--allow-origin", "https://a.example"],
  );
  await using deno = await DenoServer.start(workplace.path("dist"));
  const asked = await fetch(`${deno.address}/predict`, {
    method: "OPTIONS",
    headers: { origin: "https://a.example", "access-control-request-method": "POST" },
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get("access-control-allow-origin"), "https://a.example");
  // The folder's own setting is for those who deploy it: serve asks for its own.
  await using serve = await Serve.start(workplace);
  const { headers } = await fetch(`${serve.address}/healthz`, {
    headers: { origin: "https://a.example" },
  });
  assert.equal(headers.get("access-control-allow-origin"), null);
  await forEachCase<[args: string, exitCode: number, expected: RegExp]>([
    [
      "serve --allow-origin a.example",
      2,
      /^Cannot read --allow-origin "a\.example": it must be an /,
    ],
    ["serve --allow-origin https://a.example/", 2, /^Cannot read --allow-origin /],
    ["export --allow-origin ftp://a", 2, /^Cannot read --allow-origin "ftp:/],
    [
      "serve --allow-host a.example:80",
      2,
      /^Cannot read --allow-host "a\.example:80": it must be a /,
    ],
    ["serve --allow-host *", 2, /^Cannot read --allow-host "\*"/],
    [
      "export --format onnx --allow-origin https://a.example",
      2,
      /^Cannot export with --allow-origin as onnx/,
    ],
  ], async ([line, exitCode, expected]) => {
    assert.match(refusalOf(await workplace.weft(...line.split(" ")), exitCode), expected);
  });
});

Deno.test("nothing of a stranger's folder runs: only its model is read", async () => {
  await using workplace = await exported(stripedModel());
  const path = workplace.path("dist/predictor.js");
  const [firstLine] = (await Deno.readTextFile(path)).split("\n", 1);
  await Deno.writeTextFile(
    path,
    `${firstLine}\nexport default { fetch: () => new Response("a stranger's") };\n` +
      `console.log("a stranger ran"); Deno.exit(7);\n`,
  );
  await Deno.writeTextFile(workplace.path("dist/kernels.wasm"), "no kernels");
  await using serve = await Serve.start(workplace);
  const { status, answer } = await ask(
    serve.address,
    JSON.stringify({ pixels: [...stripedImage(2)] }),
  );
  assert.deepEqual([status, answer.predicted], [200, "2"]);
});

/** 2-1 with weights of any size, for models that are damaged. */
const small: PackedModel = {
  header: {
    shapes: [{ inputs: 2, outputs: 1, activations: [] }],
    height: 1,
    width: 2,
    inputScale: 1 / 255,
    classNames: ["only"],
    weights: "float32",
  },
  layers: [{ weights: new Float32Array(2), scales: null, bias: new Float32Array(1) }],
};

Deno.test("a model that is damaged, or says what it is not, is refused in a line", async () => {
  await using workplace = await exported(stripedModel());
  const whole = encodePackedModel(small);
  const withHeader = (header: Record<string, unknown>) =>
    encodePackedModel({ ...small, header: { ...small.header, ...header } as typeof small.header });
  const withWeights = (value: number) =>
    encodePackedModel({
      ...small,
      layers: [{ ...small.layers[0], weights: new Float32Array([0, value]) }],
    });
  const [shape] = small.header.shapes;
  /** As earlier versions wrote it. */
  const earlier = (changes: Record<string, unknown>) => {
    const architecture = { inputs: 2, hidden: [], outputs: 1, activation: "relu", ...changes };
    return withHeader({ shapes: undefined, architecture });
  };
  const huge = new Uint8Array(8);
  new DataView(huge.buffer).setUint32(0, 2 ** 32 - 1, true);
  const models: Record<string, Uint8Array | null> = {
    whole,
    whole_earlier: earlier({}),
    none: null,
    empty: new Uint8Array(0),
    cut: whole.subarray(0, -4),
    long: new Uint8Array([...whole, 0, 0, 0, 0]),
    huge,
    nan: withWeights(NaN),
    infinite: withWeights(-Infinity),
    shape: withHeader({ height: 3 }),
    names: withHeader({ classNames: ["a", "b"] }),
    text: withHeader({ classNames: [1] }),
    scale: withHeader({ inputScale: null }),
    weights: withHeader({ weights: "int4" }),
    activation: withHeader({ shapes: [{ ...shape, activations: ["toString"] }] }),
    activations: withHeader({ shapes: [{ ...shape, activations: "relu" }] }),
    chain: withHeader({ shapes: [{ ...shape, outputs: 2 }, shape, shape] }),
    none_at_all: withHeader({ shapes: [] }),
    no_shapes: withHeader({ shapes: null }),
    hidden: earlier({ hidden: [-1] }),
    not_hidden: earlier({ hidden: 5 }),
    no_activation: earlier({ hidden: [1], activation: "toString" }),
  };
  await forEachCase(Object.entries(models), async ([name, model]) => {
    const folder = `dist/${name}`;
    await Deno.mkdir(workplace.path(folder));
    await Deno.copyFile(
      workplace.path("dist/predictor.js"),
      workplace.path(`${folder}/predictor.js`),
    );
    const bytes = model ? wasmWithSection(MODEL_SECTION, model) : new Uint8Array([0, 1, 2]);
    await Deno.writeFile(workplace.path(`${folder}/model.wasm`), bytes);
    if (name.startsWith("whole")) {
      await using serve = await Serve.start(workplace, "--dir", folder);
      assert.equal((await ask(serve.address, '{"pixels":[0,255]}')).status, 200);
      return;
    }
    const outcome = await workplace.weft("serve", "--dir", folder, "--port", "0");
    assert.match(
      refusalOf(outcome, 1),
      /^Cannot serve dist\/\w+: files of it are missing or damaged; export the model again$/,
      name,
    );
  });
  const { stdout } = requireSuccess(await workplace.weft("serve", "--help"));
  assert.match(stdout, /--allow-host <name>/);
});
