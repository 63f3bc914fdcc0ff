/**
 * Parts of a page, of which one is seen. All are in the page, so that a printer, and a reader without scripts, has the others
 * below.
 */

import type { ComponentChildren } from "preact";

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly content: ComponentChildren;
}

interface Props {
  readonly label: string;
  readonly tabs: readonly Tab[];
  readonly picked: string;
  readonly onPick: (id: string) => void;
}

export default function Tabs({ label, tabs, picked, onPick }: Props) {
  const at = Math.max(0, tabs.findIndex(({ id }) => id === picked));
  const onKeyDown = (event: KeyboardEvent) => {
    const last = tabs.length - 1;
    const targets: Record<string, number> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    if (!Object.hasOwn(targets, event.key)) return;
    event.preventDefault();
    const { id } = tabs[targets[event.key]];
    onPick(id);
    document.getElementById(`tab-${id}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map(({ id, title }, i) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={i === at}
            aria-controls={`panel-${id}`}
            tabIndex={i === at ? 0 : -1}
            onClick={() => onPick(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {tabs.map(({ id, content }, i) => (
        <div
          key={id}
          class={i === at ? "island panel" : "island panel unseen"}
          role="tabpanel"
          id={`panel-${id}`}
          aria-labelledby={`tab-${id}`}
        >
          {content}
        </div>
      ))}
    </>
  );
}
