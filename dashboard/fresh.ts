/**
 * Shows runs on a local page, as main.ts does and from the same files, on Fresh itself: `deno task dashboard:fresh
 * [--port N] [--runs DIR]`. The only module that imports from JSR, and no other imports it, so that all else works where
 * JSR cannot be reached.
 */

import { App, csp, HttpError, staticFiles } from "fresh";
import { Builder } from "fresh/dev";
import { printError } from "../lib/cli/output.ts";
import { runCommand } from "./host/command.ts";
import { refuse, secure } from "./host/guard.ts";
import type { Handler } from "../lib/local_server/server.ts";
import type { State } from "./shared/route.ts";
import { failure } from "./store/answers.ts";
import type { RunStore } from "./store/run_store.ts";

/** What only the builder needs, and the network, which a server that listens needs no more. */
const GIVEN_BACK = ["run", "write", "env", "net"] as const;

function createApp(store: RunStore): App<State> {
  const files = staticFiles<State>();
  return new App<State>()
    // Not for its policy, which is wider than ours, but because it tells the nonce of Fresh's own script.
    .use(csp({ useNonce: true }))
    .use(async (ctx) => {
      Object.assign(ctx.state, { store });
      if (ctx.route) Object.assign(ctx.params, decodedParams(ctx.route, ctx.url));
      try {
        return await ctx.next();
      } catch (error) {
        if (error instanceof HttpError) throw error;
        // Fresh looked for a file of a name that no file can have, such as "/icon.svg/x".
        if (ctx.route === null) throw new HttpError(404);
        printError(Deno.inspect(error));
        if (ctx.url.pathname.startsWith("/api/")) return failure();
        throw error;
      }
    })
    .use((ctx) => ctx.route === null ? files(ctx) : ctx.next())
    .fsRoutes();
}

/** What the brackets of a route stand for. Fresh leaves "%40", "%2F" and their like in it, which names may have. */
function decodedParams(route: string, { pathname }: URL): Record<string, string> {
  const groups = new URLPattern({ pathname: route }).exec({ pathname })?.pathname.groups;
  const params = Object.entries(groups ?? {});
  return Object.fromEntries(params.map(([name, value]) => [name, decodeURIComponent(value ?? "")]));
}

async function makeHandler(store: RunStore): Promise<Handler> {
  const app = createApp(store);
  const builder = new Builder<State>({
    root: new URL("./", import.meta.url).href,
    outDir: "build/fresh",
  });
  // Says that it wrote files to that folder, but keeps them in memory.
  const applySnapshot = await builder.build({ snapshot: "memory" });
  applySnapshot(app);

  const answer = app.handler();
  // Awaited by every request, so that none is answered by a process that may do more than read.
  let givenBack: Promise<unknown> | undefined;
  return async (request) => {
    await (givenBack ??= Promise.all(GIVEN_BACK.map((name) => Deno.permissions.revoke({ name }))));
    const response = refuse(request) ?? await answer(request);
    const policy = response.headers.get("content-security-policy") ?? "";
    return secure(response, /'nonce-(\w+)'/.exec(policy)?.[1]);
  };
}

if (import.meta.main) await runCommand("deno task dashboard:fresh", makeHandler);
