/** SECURITY.md's table of permissions says what deno.json grants, set by set and task by task. */
import assert from "node:assert/strict";
import { denoConfig } from "../support/cli.ts";
import { DOCUMENTS } from "../support/documents.ts";

/** Cells of the table by the set's name. */
function rows(): Map<string, string[]> {
  const { text } = DOCUMENTS.find(({ name }) => name === "SECURITY.md")!;
  const [, table] = /\n\| set [^\n]*\n\|[- |]+\n((?:\|[^\n]*\n)+)/.exec(text)!;
  return new Map(
    table.trim().split("\n").map((line) => {
      const [set, ...cells] = line.split("|").slice(1, -1).map((cell) => cell.trim());
      return [set.replaceAll("`", ""), cells];
    }),
  );
}

const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);

/** The last part of a path to a program, as the table has it. */
const program = (path: string) => path.split("/").at(-1)!;

/** What a cell must say of a scope: `nothing`, `all`, or each of its names. */
function assertCell(cell: string, scope: boolean | readonly string[] | undefined, where: string) {
  if (scope === undefined) assert.match(cell, /^(nothing|none)/, where);
  else if (scope === true) assert.match(cell, /^(all|anything)/, where);
  else assert.deepEqual(codeIn(cell).map((it) => it.replace(/\/$/, "")), scope, where);
}

Deno.test("the table has a row for every set, with its tasks, programs, network and folders", () => {
  const table = rows();
  const { tasks, permissions } = denoConfig;
  assert.deepEqual(
    [...table.keys()].filter((set) => set !== "(a flag)").sort(),
    Object.keys(permissions).sort(),
  );
  for (const [set, { run, net, write }] of Object.entries(permissions)) {
    const [named, starts, network, writes] = table.get(set)!;
    const users = Object.entries(tasks).filter(([, { command }]) =>
      new RegExp(` -P=${set} `).test(command)
    );
    assert.deepEqual(codeIn(named).sort(), users.map(([name]) => name).sort(), `tasks of ${set}`);
    const programs = Array.isArray(run) ? run.map(program) : run as boolean | undefined;
    assertCell(starts, programs, `${set} may start`);
    assertCell(writes, write, `${set} writes`);
    const reach = net === undefined ? /^none/ : net === true ? /^all/ : /this machine|two hosts/;
    assert.match(network, reach, `network of ${set}`);
  }
});
