/** The examples of docs/examples that use the package, as their readers run them. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { launch, NO_BROWSER } from "../support/browser.ts";
import { findWorkerd, Workerd } from "../edge/workerd.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { NO_NPM, packageTest, project, succeed, write } from "./package.ts";
import { Site } from "./site.ts";

const EXAMPLES = join(import.meta.dirname!, "..", "..", "docs", "examples");

const PACKAGES = { hono: "^4", tsx: "^4", vite: "^8" };

async function folderWith(...names: string[]): Promise<string> {
  const folder = await project("examples", PACKAGES);
  for (const name of names) {
    await write(folder, { [name]: await Deno.readTextFile(join(EXAMPLES, name)) });
  }
  return folder;
}

packageTest("the script trains, saves, loads and predicts in Node", async () => {
  const cwd = await folderWith("node_script.js");
  const said = await succeed("node", ["node_script.js"], { cwd });
  assert.match(said, /^epoch 10: validation loss \d/);
  assert.match(said, /\naccuracy 1; above with probability (0\.9|1\.0)\d\d\n$/);
  assert((await Deno.stat(join(cwd, "model.onnx"))).size > 100);
});

packageTest("the first example of the package's README runs as it stands", async () => {
  const cwd = await folderWith();
  const readme = await Deno.readTextFile(join(EXAMPLES, "..", "package.md"));
  await write(cwd, { "readme.js": /```js\n([^]*?)```/.exec(readme)![1] });
  const said = await succeed("node", ["readme.js"], { cwd });
  assert.match(said, /^1 \d\.\d+\n(\d+ \d.*\n)*above with probability (0\.9|1\.0)\d\d\n$/);
});

packageTest("the service answers in Node", async () => {
  const cwd = await folderWith("node_script.js", "hono_handler.ts");
  await succeed("node", ["node_script.js"], { cwd });
  await write(cwd, {
    "serve.ts": `
import { readFile } from "node:fs/promises";
import { predictionService } from "./hono_handler.ts";
const app = await predictionService(await readFile("model.safetensors"));
for (const pixels of [[[255, 255, 0, 0], [0, 0, 255, 255]], [[1, 2, 3]]]) {
  const response = await app.request("/predict", { method: "POST", body: JSON.stringify({ pixels }) });
  console.log(JSON.stringify([response.status, await response.json()]));
}
`,
  });
  const [answers, refusal] = (await succeed("npx", ["tsx", "serve.ts"], { cwd })).trim().split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    [answers[0], answers[1].map(({ predicted }: { predicted: string }) => predicted)],
    [200, ["above", "below"]],
  );
  assert.equal(refusal[0], 400);
  assert.match(refusal[1].error, /^Cannot predict from 3 values: a row has 4/);
});

packageTest("the page trains in its worker and draws the curve", async () => {
  const cwd = await folderWith("page/index.html", "page/page.js", "page/worker.js");
  const config = 'export default { worker: { format: "es" } };\n';
  await write(cwd, { "page/vite.config.js": config });
  const vite = join(cwd, "node_modules", ".bin", "vite");
  await succeed(vite, ["build", "--logLevel", "warn"], { cwd: join(cwd, "page") });
  await using site = new Site({ folder: join(cwd, "page", "dist"), isolated: true });
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(site.address);
    await page.getByText(/^Done: accuracy (0\.9|1)/).waitFor();
    const points = await page.locator("polyline").getAttribute("points");
    assert.equal(points!.split(" ").length, 20);
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}, NO_NPM ?? NO_BROWSER);

const workerd = await findWorkerd();

packageTest("the Cloudflare Worker answers in workerd", async () => {
  const cwd = await folderWith("node_script.js", "cloudflare_worker.js");
  await succeed("node", ["node_script.js"], { cwd });
  await using folder = await temporaryFolder();
  const weft = join(cwd, "node_modules", "@weft", "weft");
  const chunks = Array.from(Deno.readDirSync(join(weft, "chunks")), ({ name }) => `chunks/${name}`);
  const modules = [
    `(name = "worker.js", esModule = embed "worker.js")`,
    `(name = "model.bin", data = embed "model.bin")`,
  ];
  const copies = [
    [join(cwd, "cloudflare_worker.js"), "worker.js"],
    [join(cwd, "model.safetensors"), "model.bin"],
  ];
  for (const path of ["predict.js", "kernels/predictor.wasm", ...chunks]) {
    const kind = path.endsWith(".wasm") ? "wasm" : "esModule";
    const name = path === "predict.js" ? "predict" : path;
    modules.push(`(name = "@weft/weft/${name}", ${kind} = embed "weft/${path}")`);
    copies.push([join(weft, path), `weft/${path}`]);
  }
  for (const name of ["kernels", "chunks"]) {
    await Deno.mkdir(join(folder.path, "weft", name), { recursive: true });
  }
  for (const [from, to] of copies) await Deno.copyFile(from, join(folder.path, to));
  await write(folder.path, {
    "workerd.capnp": `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "example", worker = .example)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "example")],
);
const example :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = "2025-09-01",
);
`,
  });
  await using server = await Workerd.start((workerd as { path: string }).path, folder.path);
  const ask = (...bytes: number[]) =>
    fetch(server.address, { method: "POST", body: Uint8Array.from(bytes) });
  const answers = await (await ask(255, 255, 0, 0, 0, 0, 255, 255)).json();
  assert.deepEqual(answers.map(({ predicted }: { predicted: string }) => predicted), [
    "above",
    "below",
  ]);
  const refused = await ask(1, 2, 3);
  assert.equal(refused.status, 400);
  assert.match((await refused.json()).error, /^Cannot predict from 3 values/);
}, NO_NPM ?? ("reason" in workerd ? workerd.reason : null));

packageTest("the service for Deno Deploy answers in Deno", async () => {
  const cwd = await folderWith("node_script.js", "hono_handler.ts", "deno_deploy.ts");
  await succeed("node", ["node_script.js"], { cwd });
  const flags = ["--no-prompt", "--no-config", "--no-lock", "--node-modules-dir=manual"];
  await using server = new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, "--allow-net=127.0.0.1", "--allow-read", "deno_deploy.ts"],
    cwd,
    env: { DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0", NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let said = "";
  for await (const text of server.stderr.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes("\n")) break;
  }
  const address = /http:\/\/\S+/.exec(said)?.[0];
  assert(address, said);
  const body = JSON.stringify({ pixels: [[255, 255, 0, 0]] });
  const response = await fetch(new URL("predict", address), { method: "POST", body });
  const [{ predicted }] = await response.json();
  assert.equal(predicted, "above");
});
