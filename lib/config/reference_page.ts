/** The page docs/reference/options.md, made of the table of options. */
import { OPTION_LIST, type TrainConfig, typed } from "./options.ts";
import { PRESET_DIFFERENCES } from "./presets.ts";

/** @returns Markdown */
export function referencePage(): string {
  const groups = [...Map.groupBy(OPTION_LIST, ({ group }) => group)].map(([group, options]) =>
    `## ${group}\n\n| option | default | values | meaning |\n| --- | --- | --- | --- |\n` +
    `${options.map(line).join("")}\n`
  );
  return `# Options of a training run

<!-- Made from lib/config/options.ts by "deno task docs"; edits here are lost. -->

These are options of \`train\` and \`compare\`, of the trials of \`search\`, and of \`config\` in the library, where
they have the second of their names. An option that is not given has the value of the preset. Words before a
colon, such as \`adam, adamw:\`, are the choices that an option belongs to: beside other choices it has no effect,
and the command line refuses it. Each flag has an opposite, such as \`--no-flip\`.

${groups.join("")}## Presets

\`--preset\` names the values to start from. \`baseline\` has the defaults above. The others differ from it:

${Object.entries(PRESET_DIFFERENCES).slice(1).map(preset).join("")}`;
}

function line({ name, flag, placeholder, inWords, ...row }: typeof OPTION_LIST[number]): string {
  const names = inWords
    ? `\`${name}\` (library only)`
    : `\`${`${flag} ${placeholder}`.trim()}\` \`${name}\``;
  const value = row.default === null ? "none" : `\`${row.write(row.default)}\``;
  const meaning = [
    `${row.help}.`,
    ...row.more ? [row.more] : [],
    ...row.unless ? [`No effect beside \`--${row.unless}\`.`] : [],
  ];
  const cells = [names, value, row.values, meaning.join(" ")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
}

function preset([name, differences]: [string, Partial<TrainConfig>]): string {
  const words = OPTION_LIST.filter(({ name }) => name in differences)
    .map(({ name, inWords }) =>
      inWords ? typed(name, differences[name]) : `\`${typed(name, differences[name])}\``
    );
  return `- \`${name}\`: ${words.join(", ")}\n`;
}
