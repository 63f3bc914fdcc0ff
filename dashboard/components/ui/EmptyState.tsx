/** What a page says that has nothing to show yet, and what to run. */

import type { ComponentChildren } from "preact";

interface Props {
  readonly title: string;
  readonly command: string;
  readonly children: ComponentChildren;
}

export default function EmptyState({ title, command, children }: Props) {
  return (
    <div class="card empty">
      <h2>{title}</h2>
      <p>{children}</p>
      <pre tabIndex={0} aria-label="Command"><code>{command}</code></pre>
    </div>
  );
}
