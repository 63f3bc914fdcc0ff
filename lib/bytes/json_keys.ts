/** Keys that JSON says twice in one object: `JSON.parse` keeps the last of them without a word, so that two readers could see two different files. */

/**
 * @param text JSON that can be parsed
 * @returns the first key that comes again in its object, at any depth; null where there is none
 */
export function repeatedKey(text: string): string | null {
  // A set of keys for each object that is open, null for each list.
  const open: (Set<string> | null)[] = [];
  let stringStart = -1;
  // One small match at a time: a pattern of a whole string would need a stack as deep as the string is long.
  for (const { 0: token, index } of text.matchAll(/\\.|["{}[\]]/g)) {
    if (stringStart >= 0) {
      if (token !== '"') continue;
      const keys = open.at(-1);
      if (keys && isKey(text, index + 1)) {
        const key: string = JSON.parse(text.slice(stringStart, index + 1));
        if (keys.has(key)) return key;
        keys.add(key);
      }
      stringStart = -1;
    } else if (token === '"') stringStart = index;
    else if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else open.pop();
  }
  return null;
}

/** Whether a colon follows, after any white space. */
function isKey(text: string, at: number): boolean {
  while (at < text.length && " \t\n\r".includes(text[at])) at++;
  return text[at] === ":";
}
