/** Applies the recipes of docs/recipes/ to a copy of the checkout, checks its types and runs their commands. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { decode, denoConfig, NO_UNIX, requireSuccess, testUnless } from "../support/cli.ts";
import {
  type Block,
  blocksOf,
  commandsOf,
  DOCUMENTS,
  isRecipe,
  placeOf,
} from "../support/documents.ts";
import { temporaryFolder } from "../support/temp_folder.ts";
import { writeImages } from "./pages.ts";

const ROOT = join(import.meta.dirname!, "../..");

const RECIPES = DOCUMENTS.filter(isRecipe).flatMap(blocksOf);

/** What the command line needs; kernels are compiled already. */
const SOURCES = "assembly/build data/*.ts deno.json deno.lock imports.json lib main.ts";

/** A new file: its path stands in its first line. */
async function addFile(folder: string, { text }: Block): Promise<void> {
  const [, path, rest] = /^\/\/ (\S+)\n([^]*)$/.exec(text)!;
  await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
  await Deno.writeTextFile(join(folder, path), `${rest}\n`);
}

/** Lines after `+` are put beside those after a space, and in place of those after `-`; these begin lines of the file. */
async function change(folder: string, block: Block): Promise<void> {
  const [, path, body] = /^--- (\S+)\n([^]*)$/.exec(block.text)!;
  const lines = body.split("\n");
  const side = (signs: string) =>
    lines.filter((line) => signs.includes(line[0] ?? " ")).map((line) => line.slice(1)).join("\n");
  const [before, after] = [side(" -"), side(" +")];
  const text = await Deno.readTextFile(join(folder, path));
  const parts = `\n${text}`.split(`\n${before}`);
  assert.equal(parts.length, 2, `${placeOf(block)}: ${path} has these lines once`);
  await Deno.writeTextFile(join(folder, path), parts.join(`\n${after}`).slice(1));
}

/** A task, with the flags that deno.json gives to it, and without those that it waits for. */
function shellLine(command: string): string {
  const deno = `'${Deno.execPath()}'`;
  if (command.startsWith("deno test ")) return command.replace("deno test", `${deno} test -q -R`);
  const [, task, args] = /^deno task (\w+)(.*)$/.exec(command) ?? [];
  if (task === undefined) return command;
  const set = /-P=(\w+)/.exec(denoConfig.tasks[task]?.command ?? "")?.[1] ?? "data";
  const epochs = task === "train" ? " --epochs 1" : "";
  return `${deno} run -q --no-prompt -P=${set} main.ts ${task}${args}${epochs}`;
}

testUnless(NO_UNIX, "every recipe works, from its first block to its commands", async () => {
  await using folder = await temporaryFolder();
  const sh = async (line: string) => {
    // As typed in the copy, wherever the task that runs this test was.
    const env = { WEFT_DATA_DIR: "images", INIT_CWD: "" };
    const options = { args: ["-c", line], cwd: folder.path, env };
    return decode(await new Deno.Command("sh", { ...options, stdin: "null" }).output());
  };
  requireSuccess(await sh(`(cd '${ROOT}' && tar -c ${SOURCES}) | tar -x`));
  await writeImages(join(folder.path, "images"));
  for (const block of RECIPES) {
    if (block.language === "ts") await addFile(folder.path, block);
    if (block.language === "diff") await change(folder.path, block);
  }
  requireSuccess(await sh(`'${Deno.execPath()}' check -q main.ts lib/mod.ts`));
  for (const command of RECIPES.filter(({ language }) => language === "sh").flatMap(commandsOf)) {
    const { code, stderr } = await sh(shellLine(command));
    assert.equal(code, 0, `${command}\n${stderr}`);
  }
  const tasks = JSON.parse(await Deno.readTextFile(join(folder.path, "deno.json"))).tasks;
  assert.match(tasks.classes.command, /main\.ts classes$/);
});
