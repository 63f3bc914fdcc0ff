/** The documents of the repository, as tests read them: their paths, blocks of code and prose. */
import { join, relative } from "node:path";

const ROOT = join(import.meta.dirname!, "../..");

/** A document. */
export interface Document {
  /** From the repository's folder, such as `docs/guides/training.md`. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** A fenced block. */
export interface Block {
  readonly document: Document;
  /** Number of its first line within the document, from 1. */
  readonly line: number;
  /** The word after the fence; empty for what a program prints. */
  readonly language: string;
  readonly text: string;
}

function* namesIn(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* namesIn(join(folder, name));
    else if (name.endsWith(".md")) yield join(folder, name);
  }
}

/** Those beside README.md, and those of docs/; sorted by name. */
export const DOCUMENTS: readonly Document[] = [
  ...Array.from(Deno.readDirSync(ROOT), ({ name }) => join(ROOT, name))
    .filter((path) => path.endsWith(".md")),
  ...namesIn(join(ROOT, "docs")),
].map((path) => ({
  name: relative(ROOT, path).replaceAll("\\", "/"),
  path,
  text: Deno.readTextFileSync(path),
})).sort((a, b) => a.name < b.name ? -1 : 1);

/** Whether its blocks are changes of the checkout, and not what a user types. */
export const isRecipe = ({ name }: Document): boolean => name.startsWith("docs/recipes/");

/** The fenced blocks of a document, from the top. */
export function blocksOf(document: Document): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | null = null;
  document.text.split("\n").forEach((text, i) => {
    const fence = /^```(\w*)$/.exec(text);
    if (open === null) {
      if (fence) open = { language: fence[1], line: i + 2, lines: [] };
    } else if (fence) {
      const { language, line, lines } = open;
      blocks.push({ document, line, language, text: lines.join("\n") });
      open = null;
    } else open.lines.push(text);
  });
  return blocks;
}

/** Every block of every document in one of these languages. */
export function blocksIn(...languages: string[]): Block[] {
  return DOCUMENTS.flatMap(blocksOf).filter(({ language }) => languages.includes(language));
}

/** Where a block is, such as `README.md:28`. */
export const placeOf = ({ document, line }: Block): string => `${document.name}:${line}`;

/**
 * The commands of a block of shell, without comments; lines that end with a backslash are joined with the next.
 */
export function commandsOf({ text }: Block): string[] {
  return text.replaceAll(/\\\n\s*/g, "").split("\n")
    .map((line) => line.replace(/(^|\s+)#\s.*$/, "").trim())
    .filter((line) => line !== "");
}
