/** The package in workerd, the runtime of Cloudflare Workers, which compiles no kernels: its .wasm files are imported. */

import { join } from "node:path";
import { findWorkerd, Workerd } from "../edge/workerd.ts";
import { type Answers, assertSame, NO_NPM, packageTest, project, scenarioText } from "./package.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const WORKER = `
import * as weft from "weft/index.js";
import * as predict from "weft/predict.js";
import kernels from "weft/kernels/strict.wasm";
import predictor from "weft/kernels/predictor_strict.wasm";
import { scenario } from "scenario.js";

export default {
  async fetch() {
    try {
      return Response.json(await scenario(weft, predict, { kernels }, { kernels: predictor }));
    } catch (error) {
      return new Response(error.stack, { status: 500 });
    }
  },
};
`;

function* filesBelow(folder: string, below = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, below))) {
    if (isDirectory) yield* filesBelow(folder, `${below}${name}/`);
    else if (/\.(js|wasm)$/.test(name)) yield below + name;
  }
}

const workerd = await findWorkerd();

packageTest("workerd trains on one thread with imported kernels, to the bit", async () => {
  await using folder = await temporaryFolder();
  const weft = join(await project("plain"), "node_modules", "@weft", "weft");
  const modules = [`(name = "worker.js", esModule = embed "worker.js")`];
  modules.push(`(name = "scenario.js", esModule = embed "scenario.js")`);
  for (const path of filesBelow(weft)) {
    const kind = path.endsWith(".wasm") ? "wasm" : "esModule";
    modules.push(`(name = "weft/${path}", ${kind} = embed "weft/${path}")`);
    await Deno.mkdir(join(folder.path, "weft", path, ".."), { recursive: true });
    await Deno.copyFile(join(weft, path), join(folder.path, "weft", path));
  }
  await Deno.writeTextFile(join(folder.path, "worker.js"), WORKER);
  await Deno.writeTextFile(join(folder.path, "scenario.js"), await scenarioText());
  await Deno.writeTextFile(
    join(folder.path, "workerd.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "trainer", worker = .trainer)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "trainer")],
);
const trainer :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = "2025-09-01",
);
`,
  );
  await using server = await Workerd.start((workerd as { path: string }).path, folder.path);
  const response = await fetch(server.address);
  if (!response.ok) throw new Error(await response.text());
  const answers: Answers = await response.json();
  await assertSame(answers);
}, NO_NPM ?? ("reason" in workerd ? workerd.reason : null));
