/** A server of the package's modules and of pages that load them, and a mailbox for what pages answer. */

import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** What makes a page cross-origin isolated, so that it may share memory. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export interface SiteOptions {
  /** Served under their paths. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder that is served below `/`. */
  readonly folder: string;
  readonly isolated?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Milliseconds after which a page that says nothing has failed: far more than any takes. */
const PATIENCE_MS = 180_000;

/** Pages answer by a POST of JSON to `/answer`. */
export class Site implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #answer = Promise.withResolvers<unknown>();
  readonly #deadline = setTimeout(
    () => this.#answer.reject(new Error("the page said nothing")),
    PATIENCE_MS,
  );

  constructor(readonly options: SiteOptions) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#respond(request),
    );
  }

  get address(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** What the first page to answer said. */
  // deno-lint-ignore no-explicit-any -- JSON
  get answer(): Promise<any> {
    return this.#answer.promise;
  }

  async #respond(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === "/answer") {
      this.#answer.resolve(await request.json());
      return new Response(null, { status: 204 });
    }
    const { files, folder, isolated, headers } = this.options;
    const name = pathname === "/" ? "/index.html" : pathname;
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    const body = files?.[name.slice(1)] ??
      await Deno.readFile(join(folder, name)).catch(() => null);
    if (body === null) return new Response("Not found", { status: 404 });
    const all = { "content-type": type, ...isolated ? ISOLATION : {}, ...headers };
    return new Response(body as BodyInit, { headers: all });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#deadline);
    await this.#server.shutdown();
  }
}
