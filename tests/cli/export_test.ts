/** `export` and `serve`: what they write, refuse and say. */

import assert from "node:assert/strict";
import { encodeModel } from "../../lib/model/model_file.ts";
import { forEachCase, refusalOf, requireSuccess, Workplace } from "../support/cli.ts";
import { exported } from "../edge/exported.ts";
import { stripedImage, stripedModel } from "../support/striped_images.ts";

const FILES = ["kernels.wasm", "model.wasm", "predictor.js", "workerd.capnp"];

/** Of everything but the model, in bytes: the promise of docs/guides/predictor.md. */
const MOST_CODE = 73_728;

function namesIn(path: string): string[] {
  return Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
}

Deno.test("an export is a folder of four files, and its code is small", async () => {
  await using workplace = await exported(stripedModel());
  assert.deepEqual(namesIn(workplace.path("dist")), FILES);
  const size = (name: string) => Deno.statSync(workplace.path(`dist/${name}`)).size;
  const code = size("predictor.js") + size("kernels.wasm");
  assert(code <= MOST_CODE, `${code} bytes of code`);
  const module = await Deno.readTextFile(workplace.path("dist/predictor.js"));
  const imports = Array.from(module.matchAll(/\bimport\b[^;]*?"([^"]+)"/g), ([, path]) => path);
  assert.deepEqual(imports, ["./kernels.wasm", "./model.wasm"]);
  assert.doesNotMatch(module, /WebAssembly\.(compile|instantiateStreaming)|\bDeno\.|\beval\(/);
});

Deno.test("a command that fetches a program names its version, the one that is tested", async () => {
  const lock = JSON.parse(
    await Deno.readTextFile(new URL("../edge/workerd.lock", import.meta.url)),
  );
  const [workerd] = Object.keys(lock.specifiers).map((name) => name.replace("npm:", ""));
  await using workplace = await exported(stripedModel());
  const texts = [
    await Deno.readTextFile(new URL("../../docs/guides/predictor.md", import.meta.url)),
    await Deno.readTextFile(workplace.path("dist/workerd.capnp")),
  ];
  for (const text of texts) {
    const programs = Array.from(text.matchAll(/\bnpx -y (\S+)/g), ([, program]) => program);
    assert(programs.includes(workerd), text.slice(0, 80));
    assert(programs.every((program) => /@\d+\.\d+\.\d+$/.test(program)), programs.join());
  }
  assert.doesNotMatch(texts[0], /deno serve (?!--host 127\.0\.0\.1)/);
});

Deno.test("an earlier export is replaced, below dist/ too, and what was written is said", async () => {
  await using workplace = await exported(stripedModel());
  const before = Deno.statSync(workplace.path("dist/model.wasm")).size;
  const args = ["export", "--model", "m.safetensors", "--quantize", "--data-dir", "data"];
  const { stdout } = requireSuccess(await workplace.weft(...args, "--json"));
  const result = JSON.parse(stdout);
  assert.deepEqual([result.model, result.out], ["m.safetensors", "dist/"]);
  assert.deepEqual(Object.keys(result.files).sort(), FILES);
  const after = Deno.statSync(workplace.path("dist/model.wasm")).size;
  assert.equal(result.files["model.wasm"], after);
  assert(after < before);
  // Stripes are recognized with weights of 0 and 1, which 8 bits hold exactly.
  const { dataset, rows, float32, int8 } = result.quantization;
  assert.deepEqual([dataset, rows, float32.accuracy], ["data", 30, 1]);
  assert.deepEqual(int8, float32);

  const text = requireSuccess(await workplace.weft(...args, "--out", "dist/striped"));
  assert.match(text.stdout, /^m\.safetensors as a predictor in dist\/striped\n {2}predictor\.js /);
  assert.match(
    text.stdout,
    /^test set of data: accuracy 100\.00 % \(30 of 30\), in float32 100\.00 % \(30\)$/m,
  );
  assert.deepEqual(namesIn(workplace.path("dist/striped")), FILES);
  requireSuccess(await workplace.weft("export", "--model", "m.safetensors"));
});

Deno.test("where there is no test set, the model is exported and what 8 bits cost is not known", async () => {
  await using workplace = await exported(stripedModel());
  const args = ["export", "--model", "m.safetensors", "--quantize", "--data-dir", "nowhere"];
  const { stdout } = requireSuccess(await workplace.weft(...args));
  assert.match(stdout, /^What 8 bits cost was not measured: Cannot .*nowhere/m);
});

Deno.test("folders of others, and arguments that cannot be used, are refused", async () => {
  await using workplace = await Workplace.create();
  await Deno.writeFile(workplace.path("m.safetensors"), encodeModel(stripedModel()));
  await Deno.mkdir(workplace.path("dist/mine"), { recursive: true });
  await Deno.writeTextFile(workplace.path("dist/mine/predictor.js"), "// mine\n");
  await Deno.writeTextFile(workplace.path("dist/file"), "");
  await forEachCase<[args: string, exitCode: number, expected: RegExp]>([
    [
      "--out dist/mine",
      1,
      /^Cannot export to dist\/mine: it holds "predictor\.js" and no earlier export; name another /,
    ],
    ["--out dist/file", 1, /^Cannot export to dist\/file: a part of the path is a file/],
    [
      "--out elsewhere",
      1,
      /^Cannot export to elsewhere: the task may write to dist\/ and to folders in it; name one of /,
    ],
    ["--out ..", 1, /^Cannot export to \.\.: the task may write to dist\//],
    ["--out ''", 2, /^Cannot export to "": the name of the folder is empty/],
    ["--format pickle", 2, /^Cannot read --format "pickle": it must be one of edge/],
    ["extra", 2, /^Cannot use extra without --quantize: data is what the cost/],
    ["--out dist/new --model nothing", 1, /^Cannot read the model nothing: there is no such file/],
  ], async ([line, exitCode, expected]) => {
    const args = line.split(" ").map((arg) => arg === "''" ? "" : arg);
    const model = line.includes("--model") ? [] : ["--model", "m.safetensors"];
    const outcome = await workplace.weft("export", ...args, ...model);
    assert.match(refusalOf(outcome, exitCode), expected);
  });
  assert.deepEqual(namesIn(workplace.path("dist")), ["file", "mine"]);
  assert.equal(await Deno.readTextFile(workplace.path("dist/mine/predictor.js")), "// mine\n");
});

Deno.test("serve answers at the address that it prints, on this machine", async () => {
  await using workplace = await exported(stripedModel());
  await using process = workplace.start("serve", "--port", "0", "--json");
  const reader = process.stdout.getReader();
  const { value } = await reader.read();
  const { address } = JSON.parse(new TextDecoder().decode(value));
  const response = await fetch(`${address}predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ pixels: [...stripedImage(2)] }),
  });
  assert.equal((await response.json()).predicted, "2");

  await Deno.mkdir(workplace.path("dist/mine"));
  await Deno.writeTextFile(workplace.path("dist/mine/predictor.js"), "Deno.exit(7);\n");
  await Deno.mkdir(workplace.path("dist/cut"));
  await Deno.copyFile(workplace.path("dist/predictor.js"), workplace.path("dist/cut/predictor.js"));
  const { port } = new URL(address);
  await forEachCase<[args: string, exitCode: number, expected: RegExp]>([
    [`--port ${port}`, 1, /^Cannot listen at 127\.0\.0\.1:\d+: the port is taken; choose another /],
    ["--port 70000", 2, /^Cannot listen at port 70000: it must be a whole number up to 65535$/],
    ["--port x", 2, /^Cannot read --port "x": it must be a number, such as --port 8422$/],
    [
      "--dir data",
      1,
      /^Cannot serve data: the task reads dist\/ and folders in it, where "deno task export" writes; copy/,
    ],
    [
      "--dir dist/no",
      1,
      /^Cannot serve dist\/no: it has no predictor\.js of Weft's; run "deno task exp/,
    ],
    ["--dir dist/mine", 1, /^Cannot serve dist\/mine: it has no predictor\.js of Weft's; run/],
    ["--dir dist/cut", 1, /^Cannot serve dist\/cut: files of it are missing or damaged; export/],
  ], async ([line, exitCode, expected]) => {
    assert.match(refusalOf(await workplace.weft("serve", ...line.split(" ")), exitCode), expected);
  });
  await reader.cancel();
  await process.stderr.cancel();
});
