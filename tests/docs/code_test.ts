/**
 * Checks the types of the documents' blocks of TypeScript and JavaScript, runs those that are whole programs, and parses
 * those of JSON.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decode, forEachCase, requireSuccess, type Workplace } from "../support/cli.ts";
import { type Block, blocksIn, DOCUMENTS, isRecipe, placeOf } from "../support/documents.ts";
import { pageWorkplace, trainNamed } from "./pages.ts";

const ROOT = join(import.meta.dirname!, "../..");

/** A block that is part of a program, by a line of it: what stands around it, and why it is not run. */
const PARTS: readonly { line: string; before: string; why: string }[] = [
  {
    line: 'readNpz(await Deno.readFile("emb.npz"))',
    before: "",
    why: "tests/train/own_data_test.ts trains on arrays",
  },
  {
    line: "await imageFolder(files, {",
    before: "declare const files: { path: string; bytes(): Promise<Uint8Array<ArrayBuffer>> }[];\n",
    why: "tests/train/own_data_test.ts trains on folders of images",
  },
  {
    line: 'ort.InferenceSession.create("dist/wide.onnx")',
    before: "",
    why: "onnxruntime is large; tests/model/onnx_test.ts opens such files with it",
  },
  {
    line: "using trainer = await Trainer.create(",
    before: 'import { type LabeledImages, Trainer } from "@weft/weft";\n' +
      "declare const images: LabeledImages;\ndeclare const state: Uint8Array<ArrayBuffer> | null;\n" +
      "const config = {};\n",
    why: "tests/train/slices_example_test.ts trains in slices",
  },
  {
    line: 'import kernels from "@weft/weft/kernels/predictor.wasm"',
    before: "",
    why: "it runs on Cloudflare; tests/matrix/isolates.ts runs it in workerd",
  },
];

interface Program {
  readonly block: Block;
  readonly name: string;
  readonly part: typeof PARTS[number] | undefined;
}

// recipes_test.ts runs recipes.
const programs = blocksIn("ts", "js").filter(({ document }) => !isRecipe(document))
  .map((block): Program => ({
    block,
    name: `${placeOf(block).replaceAll(/\W+/g, "_")}.${block.language}`,
    part: PARTS.find(({ line }) => block.text.includes(line)),
  }));

/** Writes the programs into a workplace, where they import the library by its name or as beside a checkout. */
async function writePrograms(workplace: Workplace): Promise<string> {
  await Deno.mkdir(workplace.path("lib"));
  const url = (name: string) => new URL(`file://${join(ROOT, "lib", name)}`).href;
  await Deno.writeTextFile(workplace.path("lib/mod.ts"), `export * from "${url("mod.ts")}";\n`);
  for (const { block, name, part } of programs) {
    await Deno.writeTextFile(
      workplace.path(name),
      `${part?.before ?? ""}${block.text}\nexport {};\n`,
    );
  }
  const config = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "imports.json")));
  const entries = Object.entries<string>(config.exports).map(([name, path]) => [
    name.replace(".", config.name),
    url(path.replace("./lib/", "")),
  ]);
  await Deno.writeTextFile(
    workplace.path("deno.json"),
    JSON.stringify({
      imports: { ...imports, ...Object.fromEntries(entries) },
      compilerOptions: config.compilerOptions,
    }),
  );
  return workplace.path("deno.json");
}

async function deno(workplace: Workplace, ...args: string[]) {
  const options = { args, cwd: workplace.path("."), env: { NO_COLOR: "1" } };
  return decode(await new Deno.Command(Deno.execPath(), { ...options, stdin: "null" }).output());
}

Deno.test("the code of the documents has the library's types, and runs where it is whole", async () => {
  await using workplace = await pageWorkplace();
  await trainNamed(workplace, "ship");
  requireSuccess(await workplace.weft("export", "--model", "ship", "--format", "module"));
  const config = await writePrograms(workplace);
  // A copy, because Deno notes in a lock file what this configuration imports.
  await Deno.copyFile(join(ROOT, "tests/deno.lock"), workplace.path("deno.lock"));
  const common = ["-q", "--config", config];
  const checked = programs.filter(({ block }) => block.language === "ts").map(({ name }) => name);
  requireSuccess(await deno(workplace, "check", ...common, ...checked));
  await forEachCase(programs.filter(({ part }) => !part), async ({ block, name }) => {
    const run = ["run", "--no-prompt", "--allow-read=.", "--no-check", ...common, name];
    const outcome = await deno(workplace, ...run);
    assert.equal(outcome.code, 0, `${placeOf(block)}\n${outcome.stderr}`);
    assert.match(outcome.stdout, /\S/, `${placeOf(block)} prints something`);
  });
});

Deno.test("what is said of parts of programs is of a block", () => {
  const texts = blocksIn("ts", "js").map(({ text }) => text);
  const gone = PARTS.filter(({ line }) => !texts.some((text) => text.includes(line)));
  assert.deepEqual(gone, []);
});

Deno.test("blocks of JSON are JSON, and no block has a language that nothing checks", () => {
  for (const block of blocksIn("json")) {
    assert.doesNotThrow(() => JSON.parse(block.text), placeOf(block));
  }
  const languages = new Set(
    DOCUMENTS.flatMap(({ text }) => [...text.matchAll(/^```(\w+)$/gm)].map(([, it]) => it)),
  );
  // scripts_test.ts reads bash, conf and yaml.
  const checked = ["bash", "conf", "diff", "js", "json", "sh", "ts", "yaml"];
  assert.deepEqual([...languages].sort(), checked);
});
