/** What `export --format module` writes, on every runtime and through a bundler, with its types. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { predictorModule } from "../../lib/edge/export/module.ts";
import { packLayers } from "../../lib/edge/export/predictor_files.ts";
import { noisyModel, noisyPixels } from "../edge/models.ts";
import { packageTest, project, succeed, write } from "./package.ts";
import { programOf, RUNTIMES } from "./runtime_programs.ts";

const model = noisyModel(7, 5, [9], 3);
const pixels = noisyPixels(2, 35);

const SCRIPT = `
import { outputs, predict } from "./model.mjs";
const rows = Uint8Array.from(${JSON.stringify([...pixels])});
const answers = await predict(rows);
const all = await outputs(rows);
console.log(JSON.stringify([answers.map(({ predicted }) => predicted), all.map((row) => [...row])]));
`;

const USER = `
import { type Answer, type Name, outputs, predict } from "./model.mjs";
const [answer]: Answer[] = await predict([new Array<number>(35).fill(0)]);
const name: Name | undefined = answer?.predicted;
if (name === "class 1") answer?.probabilities["class 2"].toFixed();
const rows: Float32Array[] = await outputs(new Uint8Array(35));
// @ts-expect-error -- no such class
if (name === "class 3") rows.pop();
`;

async function folder(): Promise<string> {
  const packages = { ...RUNTIMES, esbuild: "^0.28", typescript: "~5.9" };
  const folder = await project("modules", packages, {}); // No "type": the module must do without.
  const { code, types } = await predictorModule(model, packLayers(model, "float32"), "the model");
  await Deno.writeFile(join(folder, "model.mjs"), code);
  await Deno.writeFile(join(folder, "model.d.mts"), types);
  await write(folder, { "script.mjs": SCRIPT, "user.mts": USER });
  return folder;
}

packageTest("a model's module predicts on every runtime, and in a bundle", async () => {
  const cwd = await folder();
  const answers = new Map<string, string>();
  for (const runtime of ["node20", "node22", "node24", "bun"]) {
    answers.set(runtime, await succeed(programOf(cwd, runtime), ["script.mjs"], { cwd }));
  }
  const bundler = join(cwd, "node_modules", ".bin", "esbuild");
  const options = ["--bundle", "--format=esm", "--minify", "--outfile=out/bundle.mjs"];
  await succeed(bundler, ["script.mjs", ...options, "--log-level=warning"], { cwd });
  answers.set("bundle", await succeed(programOf(cwd, "node24"), ["out/bundle.mjs"], { cwd }));
  // Those with the strict build have its bits, the others those of the relaxed one.
  assert.equal(answers.get("node22"), answers.get("node24"));
  assert.equal(answers.get("bundle"), answers.get("node24"));
  const [names, outputs] = JSON.parse(answers.get("node24")!);
  for (const text of answers.values()) {
    const [ownNames, ownOutputs] = JSON.parse(text);
    assert.deepEqual(ownNames, names);
    ownOutputs.flat().forEach((value: number, i: number) =>
      assert(Math.abs(value - outputs.flat()[i]) < 1e-6)
    );
  }
});

packageTest("a model's types are its own", async () => {
  const cwd = await folder();
  const compiler = join(cwd, "node_modules", "typescript", "bin", "tsc");
  const options = ["--strict", "--noEmit", "--noUncheckedIndexedAccess", "--module", "nodenext"];
  await succeed("node", [compiler, ...options, "--target", "es2022", "user.mts"], { cwd });
});
