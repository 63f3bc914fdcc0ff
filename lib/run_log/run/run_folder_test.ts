import assert from "node:assert/strict";
import { UsageError, WeftError } from "../../errors.ts";
import { checkRunName, createRunFolder, requireFreeRunName } from "./run_folder.ts";

function withFolder(test: (folder: string) => void): void {
  const folder = Deno.makeTempDirSync();
  try {
    test(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function usageErrorOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    assert(error instanceof UsageError);
    assert.doesNotMatch(error.message, /\n/);
    return error.message;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

Deno.test("a run gets a folder of its name, and the folder of runs is made with it", () => {
  withFolder((folder) => {
    const made = createRunFolder(`${folder}/deep/runs`, "wide-net_2.1");
    assert.deepEqual(made, { name: "wide-net_2.1", path: `${folder}/deep/runs/wide-net_2.1` });
    assert(Deno.statSync(made.path).isDirectory);
  });
});

Deno.test("a name is never reused", () => {
  withFolder((root) => {
    const { path } = createRunFolder(root, "first");
    Deno.writeTextFileSync(`${path}/log.jsonl`, "precious");
    assert.equal(
      usageErrorOf(() => createRunFolder(root, "first")),
      `Cannot start a run named "first": ${root}/first exists, and a name is never reused; ` +
        "choose another name.",
    );
    assert.equal(Deno.readTextFileSync(`${path}/log.jsonl`), "precious");
  });
});

Deno.test("a run without a name is called after the time and the preset, each name once", () => {
  withFolder((root) => {
    const startedAt = new Date(2026, 10, 3, 9, 5, 7);
    const names = [1, 2, 3].map(() =>
      createRunFolder(root, { preset: "baseline", startedAt }).name
    );
    assert.deepEqual(names, [
      "2026-11-03_090507_baseline",
      "2026-11-03_090507_baseline-2",
      "2026-11-03_090507_baseline-3",
    ]);
    names.forEach(checkRunName);
  });
});

Deno.test("a name that cannot be a folder's is refused, each for its own reason", () => {
  const reasons: readonly (readonly [string, RegExp])[] = [
    ["", /cannot be empty/],
    ["a/b", /not a path/],
    ["../up", /not a path/],
    ["a\\b", /not a path/],
    ["..", /cannot contain "\.\."/],
    ["a..b", /cannot contain "\.\."/],
    [".hidden", /cannot start with "\."/],
    ["-rf", /cannot start with "-"/],
    ["end.", /cannot end with "\."/],
    ["a b", /cannot contain " "/],
    ["a\nb", /cannot contain "\\n"/],
    ["a\0b", /cannot contain "\\u0000"/],
    ["모델", /cannot contain "모"/],
    ["x".repeat(101), /at most 100 characters, and this one has 101/],
  ];
  withFolder((root) => {
    for (const [name, reason] of reasons) {
      assert.match(usageErrorOf(() => createRunFolder(root, name)), reason);
    }
    assert.deepEqual([...Deno.readDirSync(root)], [], "and nothing is made");
  });
  checkRunName("x".repeat(100));
});

Deno.test("a folder that cannot be made is an error of one line", () => {
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    for (const root of [`${folder}/file`, `${folder}/file/runs`]) {
      assert.throws(() => createRunFolder(root, "first"), (error) => {
        assert(error instanceof WeftError);
        assert.equal(error.exitCode, 1);
        assert.match(error.message, /^Cannot make the folder of runs .*file.*\.$/);
        return true;
      });
    }
  });
});

Deno.test("a comparison without a name is called after its time, each name once", () => {
  withFolder((root) => {
    const comparedAt = new Date(2026, 10, 3, 9, 5, 7);
    const names = [1, 2].map(() => createRunFolder(root, { comparedAt }).name);
    assert.deepEqual(names, ["compare-2026-11-03_090507", "compare-2026-11-03_090507-2"]);
  });
});

Deno.test("whether a name is free can be asked without making anything", () => {
  withFolder((root) => {
    requireFreeRunName(root, "first");
    assert.deepEqual([...Deno.readDirSync(root)], []);
    createRunFolder(root, "first");
    assert.match(usageErrorOf(() => requireFreeRunName(root, "first")), /a name is never reused/);
    assert.match(usageErrorOf(() => requireFreeRunName(root, "a/b")), /a name is not a path/);
  });
});
