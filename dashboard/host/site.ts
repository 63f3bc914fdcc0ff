/** What the npm host serves: route modules by Fresh's names for their files, and islands with their modules. */

import type { ComponentType } from "preact";
import type { AppProps, ErrorProps, Handlers } from "../shared/route.ts";

/** A component of any properties. */
// deno-lint-ignore no-explicit-any -- each has its own, and only the one who renders it knows them
export type AnyComponent = ComponentType<any>;

/** What a module below `routes/` may export. */
interface RouteModule {
  // deno-lint-ignore no-explicit-any -- what a handler finds is between it and the page beside it
  readonly handler?: Handlers<any>;
  readonly default?: AnyComponent;
}

/** `build/site.ts` has it. */
export interface Site {
  /** By path from `routes/`. */
  readonly routes: Readonly<Record<string, RouteModule>>;
  /** Address of the module that brings islands to life. */
  readonly entry: string;
  /** Islands, and the addresses of their modules. */
  readonly islands: readonly (readonly [AnyComponent, string])[];
  /** Of each of these modules, the addresses of all that it imports. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
}

export interface Page extends RouteModule {
  /** In Hono's words: `/runs/:name`. */
  readonly pattern: string;
}

/** What routes are there for. */
export interface Routes {
  readonly app: ComponentType<AppProps>;
  readonly error: ComponentType<ErrorProps>;
  /** In the order in which they are tried. */
  readonly pages: readonly Page[];
}

export function sortRoutes(routes: Site["routes"]): Routes {
  const frame = (path: string): AnyComponent => {
    const component = routes[path]?.default;
    if (!component) throw new Error(`routes/${path} is missing, or exports no component`);
    return component;
  };
  const paths = Object.keys(routes).filter((path) => !/(^|\/)_/.test(path)).sort(byPrecision);
  return {
    app: frame("_app.tsx"),
    error: frame("_error.tsx"),
    pages: paths.map((path) => ({ ...routes[path], pattern: patternOf(path) })),
  };
}

/** `runs/[name].tsx` is `/runs/:name`, `api/[...path].ts` is `/api/:path{.+}`, an index is its folder. */
function patternOf(path: string): string {
  return "/" + path.replace(/\.tsx?$/, "")
    .replace(/(^|\/)index$/, "")
    .replaceAll(/\[\.\.\.(\w+)\]/g, ":$1{.+}")
    .replaceAll(/\[(\w+)\]/g, ":$1");
}

/** What is spelt out comes before what stands for any name, and that before what stands for any path. */
function byPrecision(a: string, b: string): number {
  const rank = (path: string) =>
    path.replaceAll("[...", "\u{10fffe}").replaceAll("[", "\u{10fffd}");
  return rank(a) < rank(b) ? -1 : 1;
}
