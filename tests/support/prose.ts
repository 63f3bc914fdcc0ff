/** The prose of documents, for tests of how they read: paragraphs, sentences, words. */
import type { Document } from "./documents.ts";

/** A paragraph, a list's item or a heading, as one line. */
export interface Paragraph {
  readonly document: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  readonly text: string;
}

/** A document without code, tables, images and comments; spans of code are the one word `CODE`. */
export function paragraphsOf({ name, text }: Document): Paragraph[] {
  const blank = (match: string) => match.replaceAll(/[^\n]/g, "");
  const prose = text.replaceAll(/^```[^]*?^```$/gm, blank).replaceAll(/<!--[^]*?-->/g, blank)
    .replaceAll(/`[^`]+`/g, (code) => `CODE${blank(code)}`)
    .replaceAll(/!\[[^\]]*\]\([^)]*\)/g, blank)
    .replaceAll(/\]\([^)]*\)/g, (link) => `]${blank(link)}`)
    .replaceAll(/^\|.*$/gm, "");
  const paragraphs: { document: string; line: number; text: string }[] = [];
  let isOpen = false;
  prose.split("\n").forEach((line, i) => {
    const starts = /^\s*([-*] |\d+\. |#)/.test(line);
    const words = line.replace(/^\s*([-*] |\d+\. |#+ )/, "").replaceAll(/[[\]*]/g, "").trim();
    if (words === "") isOpen = false;
    else if (isOpen && !starts) paragraphs.at(-1)!.text += ` ${words}`;
    else paragraphs.push({ document: name, line: i + 1, text: words });
    if (words !== "") isOpen = !/^#/.test(line);
  });
  return paragraphs;
}

/** The sentences of a paragraph: each ends with a full stop, a question mark or an exclamation mark before a new beginning. */
export const sentencesOf = ({ text }: Paragraph): string[] =>
  text.split(/(?<=[.!?]['")]?)\s+(?=["'(]?(?:[A-Z0-9]|[\w./]+\.(?:md|ts|js)\b|macOS))/);

export const wordsOf = (sentence: string): string[] =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
