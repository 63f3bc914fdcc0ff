/** A part of a page with its heading. */

import type { ComponentChildren } from "preact";
import { slug } from "../../shared/format.ts";

interface Props {
  readonly title: string;
  /** A sentence on what is shown. */
  readonly note?: string | false;
  /** As wide as the page. */
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}

export default function Card({ title, note, wide, children }: Props) {
  const id = `card-${slug(title)}`;
  return (
    <section class={wide ? "card wide" : "card"} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}
