/** A command to type, with a button that copies it. */

import { useState } from "preact/hooks";

interface Props {
  readonly title: string;
  readonly line: string;
}

/** Milliseconds that the button says what it has done. */
const SAID_MS = 2000;

export default function CommandLine({ title, line }: Props) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(line);
      setSaid("Copied");
    } catch {
      setSaid("Select it to copy");
    }
    setTimeout(() => setSaid(""), SAID_MS);
  };
  return (
    <div class="command-line">
      <span class="command-title">{title}</span>
      <pre class="command" tabIndex={0} aria-label={`Command: ${title}`}><code>{line}</code></pre>
      <button type="button" onClick={copy} aria-label={`Copy: ${title}`}>Copy</button>
      <span role="status" class="note">{said}</span>
    </div>
  );
}
