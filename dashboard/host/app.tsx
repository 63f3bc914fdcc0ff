/** The npm host: runs route modules that are written to Fresh's conventions, with Hono. */

import { type Context, Hono } from "hono";
import type { PageData, RouteContext, State } from "../shared/route.ts";
import type { RunStore } from "../store/run_store.ts";
import { failure } from "../store/answers.ts";
import type { Assets } from "./assets.ts";
import { compressed } from "./compression.ts";
import { refuse, secure } from "./guard.ts";
import { type Client, renderPage } from "./render.tsx";
import type { AnyComponent, Page, Routes } from "./site.ts";

/** What the host is made of. */
interface Parts {
  readonly routes: Routes;
  readonly client: Client;
  readonly assets: Assets;
  readonly store: RunStore;
  /** Is told what went wrong, where no answer may say it. */
  readonly onError: (error: unknown) => void;
}

export function createApp(parts: Parts): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const refused = refuse(c.req.raw) ?? await parts.assets.answer(c.req.raw, c.req.path);
    if (!refused) await next();
    c.res = await compressed(c.req.raw, secure(refused ?? c.res));
  });
  for (const page of parts.routes.pages) app.get(page.pattern, (c) => answer(parts, page, c));
  app.notFound((c) => errorPage(parts, c, Object.assign(new Error("Not found"), { status: 404 })));
  app.onError((error, c) => {
    parts.onError(error);
    return c.req.path.startsWith("/api/") ? failure() : errorPage(parts, c, error);
  });
  return app;
}

async function answer(parts: Parts, page: Page, c: Context): Promise<Response> {
  const context = contextOf(parts, c);
  const answered = await page.handler?.GET(context) ?? { data: undefined };
  if (answered instanceof Response) return answered;
  if (!page.default) throw new Error(`The route ${page.pattern} answers data and has no page`);
  return html(parts, page.default, { ...context, data: answered.data }, answered);
}

function errorPage(parts: Parts, c: Context, error: unknown): Response {
  const status = (error as { status?: unknown }).status === 404 ? 404 : 500;
  return html(parts, parts.routes.error, { ...contextOf(parts, c), error }, { status });
}

function contextOf({ store }: Parts, c: Context): RouteContext {
  const state: State = { store };
  return { req: c.req.raw, url: new URL(c.req.url), params: c.req.param(), state };
}

function html(
  { client, routes }: Parts,
  component: AnyComponent,
  props: RouteContext & { readonly data?: unknown; readonly error?: unknown },
  { status = 200, headers }: Omit<PageData<unknown>, "data">,
): Response {
  const all = new Headers(headers);
  all.set("content-type", "text/html; charset=utf-8");
  return new Response(renderPage(client, component, props, routes.app), { status, headers: all });
}
