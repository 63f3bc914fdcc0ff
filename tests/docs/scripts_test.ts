/** The documents' scripts, manifests and files of settings: the programs that read them take them, and their tasks exist. */
import assert from "node:assert/strict";
import { parseAllDocuments } from "yaml";
import { NO_NATS } from "../nats.ts";
import { denoConfig, NO_UNIX, requireSuccess, testUnless, Workplace } from "../support/cli.ts";
import { blocksIn, isRecipe, placeOf } from "../support/documents.ts";

testUnless(NO_UNIX, "each script of the documents is one that bash takes", async () => {
  const scripts = blocksIn("sh", "bash");
  assert(scripts.some(({ language }) => language === "bash"));
  await using workplace = await Workplace.create();
  for (const script of scripts) {
    await Deno.writeTextFile(workplace.path("script.sh"), `${script.text}\n`);
    const { code, stderr } = await workplace.shell("bash -n script.sh");
    assert.equal(code, 0, `${placeOf(script)}\n${stderr}`);
    // bash only warns of a document within the script that does not end.
    assert.equal(stderr, "", placeOf(script));
  }
});

Deno.test("each manifest of the documents is YAML of things that Kubernetes knows by name", () => {
  const blocks = blocksIn("yaml");
  assert(blocks.length > 0);
  for (const block of blocks) {
    for (const manifest of parseAllDocuments(block.text)) {
      assert.deepEqual([...manifest.errors, ...manifest.warnings], [], placeOf(block));
      const { apiVersion, kind, metadata, spec } = manifest.toJS();
      assert.match(apiVersion, /^[a-z0-9.]+(\/v[0-9a-z]+)?$/, placeOf(block));
      assert.match(kind, /^[A-Z]\w+$/, placeOf(block));
      assert.match(metadata.name, /^[a-z0-9-]+$/, placeOf(block));
      assert(typeof spec === "object" && spec !== null, placeOf(block));
    }
  }
});

testUnless(
  NO_NATS,
  "each file of settings of the documents is one that its server takes",
  async () => {
    const files = blocksIn("conf");
    assert(files.length > 0);
    await using workplace = await Workplace.create();
    for (const file of files) {
      await Deno.writeTextFile(workplace.path("nats.conf"), `${file.text}\n`);
      const { stderr } = requireSuccess(await workplace.shell("nats-server -t -c nats.conf"));
      assert.match(stderr, /nats\.conf is valid/, placeOf(file));
    }
  },
);

// A recipe names tasks that it adds.
Deno.test("each task that the documents' scripts and manifests name exists", () => {
  const named = (pattern: RegExp, ...languages: string[]) =>
    blocksIn(...languages).filter(({ document }) => !isRecipe(document)).flatMap((block) =>
      [...block.text.matchAll(pattern)].map(([, task]) => ({ task, place: placeOf(block) }))
    );
  const inScripts = named(/\bdeno task ([\w:-]+)/g, "sh", "bash");
  // In a manifest a command is a list.
  const inManifests = named(/\bdeno,\s*task,\s*"?([\w:-]+)/g, "yaml");
  assert(inScripts.length > 0 && inManifests.length > 0);
  const missing = [...inScripts, ...inManifests].filter(({ task }) => !(task in denoConfig.tasks));
  assert.deepEqual(missing, []);
});
