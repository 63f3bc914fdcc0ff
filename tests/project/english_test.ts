/** How documents read: short sentences and paragraphs, American spelling, the words that the field uses. */
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import dictionary from "dictionary-en";
import nspell from "nspell";
import { makeProgram } from "../../lib/cli/program.ts";
import { DOCUMENTS } from "../support/documents.ts";
import { paragraphsOf, sentencesOf, wordsOf } from "../support/prose.ts";

const ROOT = join(import.meta.dirname!, "../..");

const MOST_WORDS = 30;
const MOST_SENTENCES = 5;

/** Pages that people read to get a job done. */
const GUIDES = DOCUMENTS.filter(({ name }) =>
  /^(README|docs\/README|docs\/package|docs\/distributed|docs\/guides\/.*)\.md$/.test(name)
);

/** Words of the field and names, in lower case, which no dictionary has; one a line. */
const TERMS = new Set(
  Deno.readTextFileSync(new URL("terms.txt", import.meta.url)).split("\n").filter((it) =>
    it !== ""
  ),
);

/** Phrases that readers stumble over, and what to write. */
const HABITS: readonly [RegExp, string][] = [
  [/\bwhoever\b/i, "say who"],
  [/\bwhere (left out|nothing)\b/i, "by default; without"],
  [/\bis had\b/i, "has"],
  [/\bunder way\b/i, "current; meanwhile"],
  [/\bwhere it is (another|taken|wanted|asked)\b/i, "if"],
  [/\b(goes|go|going) on\b/i, "continue, resume"],
  [/\bwhat is (?!trusted)[a-z]+ed\b/i, "name the thing"],
  [/\bpictures?\b/i, "image"],
  [
    /\bcolour|\blearnt\b|[a-z]{3}isation\b|(?<!adv|prom|superv|exerc|rev)\bnormalise/i,
    "American spelling",
  ],
  [/\bnone of the \d/i, "out of range"],
  [/\bdraws? (them|it) anew\b/i, "resample"],
];

Deno.test(`no sentence of a guide has more than ${MOST_WORDS} words`, () => {
  const long = GUIDES.flatMap(paragraphsOf).flatMap((paragraph) =>
    sentencesOf(paragraph).filter((sentence) => wordsOf(sentence).length > MOST_WORDS)
      .map((sentence) => `${paragraph.document}:${paragraph.line}: ${sentence}`)
  );
  assert.deepEqual(long, []);
});

Deno.test(`no paragraph of a guide has more than ${MOST_SENTENCES} sentences`, () => {
  const long = GUIDES.flatMap(paragraphsOf)
    .filter((paragraph) => sentencesOf(paragraph).length > MOST_SENTENCES)
    .map(({ document, line }) => `${document}:${line}`);
  assert.deepEqual(long, []);
});

Deno.test("sentences and words are counted as people count them", () => {
  const text =
    "It has `a b` (5 s).\nmacOS, about 2.5 of [them](x.md). Read\ndocs/a.md: more.\n\n- One. Two!\n";
  const paragraphs = paragraphsOf({ name: "a.md", path: "", text });
  assert.deepEqual(paragraphs.map(({ line }) => line), [1, 5]);
  assert.deepEqual(paragraphs.map(sentencesOf), [
    ["It has CODE (5 s).", "macOS, about 2.5 of them.", "Read docs/a.md: more."],
    ["One.", "Two!"],
  ]);
  assert.deepEqual(wordsOf("It has CODE - (5 s)."), ["It", "has", "CODE", "(5", "s)."]);
});

Deno.test("documents and help are spelled in American English", () => {
  const speller = nspell(dictionary);
  assert(speller.correct("color") && !speller.correct("colour"));
  const unknown = new Set<string>();
  const check = (text: string, where: string) => {
    const words = text.replaceAll(/\S+\.[a-z]+\b/g, ""); // Names of files are none.
    for (const [word] of words.matchAll(/\p{L}[\p{L}']*\p{L}/gu)) {
      const stem = word.replace(/'s?$/, "");
      if (speller.correct(word) || speller.correct(stem)) continue;
      // Acronyms, and names such as WebGPU.
      if (/\p{L}\p{Lu}/u.test(stem) || TERMS.has(stem.toLowerCase())) continue;
      unknown.add(`${where}: ${word}`);
    }
  };
  // The reference is made of what help says.
  const written = DOCUMENTS.filter(({ name }) => !name.startsWith("docs/reference/"));
  for (const paragraph of written.flatMap(paragraphsOf)) {
    check(paragraph.text, `${paragraph.document}:${paragraph.line}`);
  }
  for (const command of makeProgram(() => {}).commands) {
    const texts = [command.description(), ...command.options.map(({ description }) => description)];
    // Names of options and of their values are no English.
    for (const text of texts) {
      check(text.replaceAll(/--[\w-]+|\w+-\w+|[A-Z]{2,}/g, ""), command.name());
    }
  }
  assert.deepEqual(
    [...unknown],
    [],
    "correct the word, or add a term of the field to tests/project/terms.txt",
  );
});

/** Texts that programs print: the literals of a source. */
function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory && name !== "build" && name !== "cache") yield* sources(join(folder, name));
    else if (/\.tsx?$/.test(name) && !/_test\.tsx?$/.test(name)) yield join(folder, name);
  }
}

Deno.test("documents, help, errors and pages avoid phrases that readers stumble over", () => {
  const found: string[] = [];
  const look = (text: string, where: string) => {
    for (const [habit, better] of HABITS) {
      const match = text.match(habit);
      if (match) found.push(`${where}: ${match[0]} (better: ${better})`);
    }
  };
  for (const { name, text } of DOCUMENTS) {
    text.split("\n").forEach((line, i) => look(line, `${name}:${i + 1}`));
  }
  for (const folder of ["lib", "data", "dashboard"]) {
    for (const path of sources(join(ROOT, folder))) {
      Deno.readTextFileSync(path).split("\n").forEach((line, i) => {
        if (/^\s*(\*|\/\*|\/\/|import |export \* )/.test(line)) return;
        for (
          const [text] of line.replace(/\s\/\/ .*$/, "").matchAll(/"[^"]*"|`[^`]*`|>[^<>{}]+</g)
        ) {
          look(text, `${relative(ROOT, path)}:${i + 1}`);
        }
      });
    }
  }
  assert.deepEqual(found, []);
});
