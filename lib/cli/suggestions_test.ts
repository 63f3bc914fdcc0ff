import assert from "node:assert/strict";
import { withoutSeparator } from "./arguments.ts";
import { makeProgram } from "./program.ts";
import { withSuggestion } from "./suggestions.ts";

const optionsOf = (name: string) =>
  makeProgram(() => {}).commands.find((command) => command.name() === name)!.options
    .map(({ long }) => long ?? undefined);

Deno.test("an option of another tool brings the one that the command has", () => {
  const cases: [command: string, unknown: string, known: string][] = [
    ["train", "--lr", "--learning-rate"],
    ["train", "--bs", "--batch-size"],
    ["train", "--batch", "--batch-size"],
    ["train", "--wd", "--weight-decay"],
    ["train", "--layer", "--layers"],
    ["train", "--epoch", "--epochs"],
    ["train", "--num_epochs", "--epochs"],
    ["train", "--gpu", "--backend"],
    ["train", "--device", "--backend"],
    ["train", "--device=cuda", "--backend"],
    ["compare", "--gpu", "--backends"],
    ["train", "--output", "--run"],
    ["export", "--output", "--out"],
    ["search", "--output", "--name"],
    ["train", "--Learning_Rate", "--learning-rate"],
    ["train", "-lr", "--learning-rate"],
    ["evaluate", "--data", "--data-dir"],
  ];
  for (const [command, unknown, known] of cases) {
    const message = `error: unknown option '${unknown}'\n(Did you mean --something?)`;
    const text = withSuggestion(message, optionsOf(command));
    assert(text.startsWith("error: unknown option '"), text);
    assert(text.endsWith(`' (Did you mean ${known}?)`), `${command} ${unknown}: ${text}`);
  }
});

Deno.test("what no other tool has is left to commander, and so are other errors", () => {
  for (
    const message of [
      "error: unknown option '--epoks'\n(Did you mean --epochs?)",
      "error: unknown option '--toString'",
      "error: option '--run <name>' argument missing",
    ]
  ) assert.equal(withSuggestion(message, optionsOf("train")), message);
});

Deno.test("the first -- is left out, as npm asks for it", () => {
  assert.deepEqual(withoutSeparator(["train", "--", "--epochs", "3"]), ["train", "--epochs", "3"]);
  assert.deepEqual(withoutSeparator(["train", "--run", "a", "--"]), ["train", "--run", "a"]);
  assert.deepEqual(withoutSeparator(["train"]), ["train"]);
});
