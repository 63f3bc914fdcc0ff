/**
 * Makes a page's HTML. Islands are marked on the way, so that the client finds them: each becomes
 * `<div data-island="MODULE" data-props="N">`, where N counts the properties in a list of JSON at the page's end.
 */

import { type ComponentType, h, options, type VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import type { AppProps } from "../shared/route.ts";
import type { AnyComponent } from "./site.ts";

/** What the client needs, by the addresses of its modules. */
export interface Client {
  /** The module that brings islands to life. */
  readonly entry: string;
  readonly islands: ReadonlyMap<AnyComponent, string>;
  /** Of each of these modules, what it imports. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

/** Of the page that is being rendered, which nothing interrupts; null inside of an island. */
let page:
  | { readonly client: Client; readonly props: object[]; readonly modules: Set<string> }
  | null = null;

const inherited = options.vnode;
options.vnode = (vnode: VNode) => {
  inherited?.(vnode);
  const module = typeof vnode.type === "function" && page?.client.islands.get(vnode.type);
  if (!module) return;
  const { type: island, props } = vnode;
  vnode.type = Marked as VNode["type"];
  vnode.props = { island, props, module } as unknown as VNode["props"];
};

interface MarkedProps {
  readonly island: AnyComponent;
  readonly props: object;
  readonly module: string;
}

/** Rendered by itself, as on the client: it gets its properties and nothing else, and islands inside of it are parts of it. */
function Marked({ island, props, module }: MarkedProps): VNode {
  const outer = page!;
  outer.modules.add(module);
  const index = outer.props.push(props) - 1;
  page = null;
  try {
    const html = renderToString(h(island, props));
    return (
      <div data-island={module} data-props={index} dangerouslySetInnerHTML={{ __html: html }} />
    );
  } finally {
    page = outer;
  }
}

/**
 * @param Page is rendered before the frame around it, which may ask what the page has set
 * @param props of both
 * @param App the frame, `_app.tsx`
 */
export function renderPage(
  client: Client,
  Page: AnyComponent,
  props: Omit<AppProps, "Component">,
  App: ComponentType<AppProps>,
): string {
  page = { client, props: [], modules: new Set() };
  try {
    const inner = jsxTemplate([renderToString(<Page {...props} />)]);
    const html = renderToString(<App {...props} Component={() => inner} />);
    const [head, end] = [html.indexOf("</head>"), html.lastIndexOf("</body>")];
    return `<!DOCTYPE html>${html.slice(0, head)}${preloads(client, page)}` +
      `${html.slice(head, end)}${scripts(client, page)}${html.slice(end)}`;
  } finally {
    page = null;
  }
}

/** All modules of a page are asked for at once: a browser would find each only in the one that imports it. */
function preloads({ entry, imports }: Client, { modules }: NonNullable<typeof page>): string {
  if (modules.size === 0) return "";
  const all = new Set([entry, ...modules].flatMap((module) => [module, ...imports[module]]));
  return [...all].map((module) => `<link rel="modulepreload" href="${module}">`).join("");
}

/** A page without islands needs no script. */
function scripts({ entry }: Client, { props }: NonNullable<typeof page>): string {
  if (props.length === 0) return "";
  // What is inside of a script ends at "</script", also inside of a string.
  const json = JSON.stringify(props).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="island-props">${json}</script>` +
    `<script type="module" src="${entry}"></script>`;
}
