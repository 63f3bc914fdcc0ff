/** The page docs/reference/commands.md, made of the commands and their options. */
import { makeProgram } from "./program.ts";

const escaped = (cell: string) => cell.replaceAll("|", "\\|").replaceAll("<", "\\<");

/** @returns Markdown */
export function commandsPage(): string {
  const commands = makeProgram(() => {}).commands.map((command) => {
    const [argument] = command.registeredArguments;
    const usage = [`deno task ${command.name()}`, ...argument ? ["[data]"] : [], "[options]"];
    const rows = command.options.filter(({ hidden }) => !hidden).map(
      ({ flags, description, defaultValue, argChoices }) => {
        const choices = argChoices ? ` (${argChoices.join(", ")})` : "";
        const value = defaultValue === undefined ? "" : `\`${defaultValue}\``;
        return `| \`${flags.replaceAll("|", "\\|")}\` | ${value} | ${
          escaped(description + choices)
        } |\n`;
      },
    );
    return `## ${command.name()}\n\n${command.description()}\n\n\`${usage.join(" ")}\`\n\n` +
      (argument ? `\`data\`: ${argument.description}.\n\n` : "") +
      `| option | default | meaning |\n| --- | --- | --- |\n${rows.join("")}\n`;
  });
  return `# Commands

<!-- Made from the commands of lib/cli by "deno task docs"; edits here are lost. -->

Every command prints these with \`--help\`. [Options of a training run](options.md) says more about those of
\`train\`. \`deno task dashboard --help\` lists those of the dashboard.

${commands.join("").trimEnd()}\n`;
}
