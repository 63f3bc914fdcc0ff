/** The files of devices are found without leave to start a program. */

import assert from "node:assert/strict";
import { hasGpuFile, whatIs } from "../../lib/cli/device_files.ts";
import { testUnless } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp_folder.ts";

const NOT_LINUX = Deno.build.os === "linux" ? null : "only Linux has /dev as it is looked for";

/** What `ls` lists, which needs leave. */
async function listed(folder: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ls", { args: [folder], stderr: "null" }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((name) => name !== "");
}

testUnless(NOT_LINUX, "what is in /dev is a file, a folder or nothing, as ls says", async () => {
  assert.equal(await whatIs("/dev/null"), "file");
  assert.equal(await whatIs("/dev/pts"), "folder");
  assert.equal(await whatIs("/dev/no-such-device"), "nothing");
  assert.equal(await whatIs("/no-such-folder/null"), "nothing");
  const names = await listed("/dev");
  for (const name of ["dri", "dxg", "fuse", "kvm", "nvidiactl", "tty"]) {
    assert.equal(await whatIs(`/dev/${name}`) === "nothing", !names.includes(name), name);
  }
});

testUnless(NOT_LINUX, "a machine has the file of a GPU where ls lists one", async () => {
  const isGpu = /^(renderD\d+|nvidiactl|dxg)$/;
  const names = [...await listed("/dev"), ...await listed("/dev/dri")];
  assert.equal(await hasGpuFile(), names.some((name) => isGpu.test(name)));
});

Deno.test("what is looked for is not run, nor read", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/module.js`;
  await Deno.writeTextFile(path, "globalThis.wasRun = true;");
  assert.equal(await whatIs(path), Deno.build.os === "windows" ? null : "file");
  assert(!("wasRun" in globalThis));
});

testUnless(NOT_LINUX, "where Deno does not say, nothing is claimed", async () => {
  const code = `import { hasGpuFile } from ${
    JSON.stringify(import.meta.resolve("../../lib/cli/device_files.ts"))
  };
    console.log(await hasGpuFile());`;
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", url],
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "null\n");
});
