/** The scripts of docs/distributed.md: shells and YAML's own reader take them, and what they say of Weft is so. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { denoConfig, NO_UNIX, testUnless } from "../support/cli.ts";

const PAGE = join(import.meta.dirname!, "../../docs/distributed.md");

/** The blocks of a language, without their fences. */
async function blocks(...languages: string[]): Promise<string[]> {
  const text = await Deno.readTextFile(PAGE);
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, language]) => languages.includes(language)).map(([, , block]) => block);
}

testUnless(
  NO_UNIX,
  "each script of the page on several machines is one that bash takes",
  async () => {
    const scripts = await blocks("sh", "bash");
    assert(scripts.length >= 3);
    for (const script of scripts) {
      const child = new Deno.Command("bash", {
        args: ["-n"],
        stdin: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(script));
      await writer.close();
      const { code, stderr } = await child.output();
      assert.equal(code, 0, `${new TextDecoder().decode(stderr)}\n${script}`);
    }
  },
);

Deno.test("each manifest of the page is YAML of things that Kubernetes knows by name", async () => {
  const manifests = (await blocks("yaml")).flatMap((block) => parseAllDocuments(block));
  assert(manifests.length > 0);
  for (const manifest of manifests) {
    assert.deepEqual(manifest.errors, []);
    const { apiVersion, kind, metadata, spec } = manifest.toJS();
    assert.match(apiVersion, /^[a-z0-9.]+(\/v[0-9a-z]+)?$/);
    assert.match(kind, /^[A-Z]\w+$/);
    assert.match(metadata.name, /^[a-z0-9-]+$/);
    assert.equal(typeof spec, "object");
  }
});

Deno.test("each task and option that the page names is there", async () => {
  const text = (await blocks("sh", "bash", "yaml")).join("\n");
  for (const [, task] of text.matchAll(/deno task ([\w:-]+)/g)) {
    assert(task in denoConfig.tasks, task);
  }
});
