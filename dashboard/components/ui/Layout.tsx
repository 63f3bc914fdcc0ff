/** The frame of every page. */

import type { ComponentChildren } from "preact";

interface Props {
  readonly title: string;
  /** Of this page, such as `/runs/a`. */
  readonly path: string;
  readonly children?: ComponentChildren;
}

const PAGES = [
  { path: "/", name: "Runs" },
  { path: "/searches", name: "Searches" },
  { path: "/backends", name: "Back ends" },
];

export default function Layout({ title, path, children }: Props) {
  return (
    <>
      <a class="skip-link" href="#content">Skip to the content</a>
      <header class="site-head">
        <a class="brand" href="/">
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path d="M2 7h20M2 12h20M2 17h20" />
            <path d="M7 2v8M7 14v8M12 2v3M12 9v6M12 19v3M17 2v8M17 14v8" />
          </svg>
          Weft
        </a>
        <nav aria-label="Pages">
          <ul>
            {PAGES.map((page) => (
              <li key={page.path}>
                {/* "false" and not left out, or Fresh says "true" where a page is below another. */}
                <a href={page.path} aria-current={page.path === path ? "page" : "false"}>
                  {page.name}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </header>
      <main id="content" tabIndex={-1}>
        <h1>{title}</h1>
        {children}
      </main>
    </>
  );
}
