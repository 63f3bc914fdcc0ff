/**
 * Answers requests: `POST /predict`, `GET /schema`, `GET /healthz`, and a page. Uses only what every runtime on the web has, so that the
 * same module runs on Deno and in workerd.
 */

import { messageOf, WeftError } from "../errors.ts";
import { RequestBudget, type Reservation } from "./admission.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { predictFromJson, predictFromPng, predictFromRows } from "./answers.ts";
import { readBody, release } from "./body.ts";
import { allowOrigin, answerPreflight } from "./origins.ts";
import type { Predictor } from "./predictor.ts";
import { type PredictQuery, readQuery } from "./query.ts";
import type { RowReader } from "./raw_rows.ts";
import { Refusal } from "./refusal.ts";
import { schemaOf } from "./schema.ts";

/** The files of the page, as texts. */
export interface PageFiles {
  readonly html: string;
  readonly css: string;
  readonly js: string;
}

export type Handler = (request: Request) => Promise<Response>;

const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** What the page and its files say besides, so that nothing of another site comes into it. */
const PAGE_HEADERS = {
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
};

const JSON_TYPE = "application/json";
const IMAGE_TYPES = [JSON_TYPE, "image/png"];
const ROW_TYPES = [JSON_TYPE, "text/csv"];
const SCHEMA_TYPE = "application/schema+json";

/**
 * Makes the function that answers. It never rejects.
 *
 * @param page a function where its files are made when they are first asked for
 * @param allowOrigins of other sites whose pages may ask, or `*`
 * @param readRows reads rows of a table; needed by models that take them
 */
export function makeHandler(
  predictor: Predictor,
  page: PageFiles | (() => Promise<PageFiles>),
  limits: Limits = LIMITS,
  allowOrigins: readonly string[] = [],
  readRows?: RowReader,
): Handler {
  const schema = () => {
    const { input, preprocessing } = predictor;
    return `${JSON.stringify(schemaOf(input, preprocessing, limits))}\n`;
  };
  const requests = new RequestBudget(limits);

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, searchParams, search } = readAddress(request);
    const methods = METHODS.get(pathname);
    if (!methods) {
      throw new Refusal(
        404,
        `Cannot find ${pathname.slice(0, 80)}: there are /, /healthz, /predict and /schema`,
      );
    }
    const asked = answerPreflight(request, methods, allowOrigins);
    if (asked) return asked;
    requireMethod(request, pathname, methods);
    if (pathname === "/predict") {
      using reservation = requests.enter();
      return json(await predict(request, readQuery(searchParams, search), reservation));
    }
    const isHead = request.method === "HEAD";
    const [type, text] = pathname === "/schema"
      ? [SCHEMA_TYPE, schema()] as const
      : await fileAt(pathname, hasPage(predictor) ? page : rowPage(predictor));
    return respond(200, type, isHead ? null : text, PAGE_HEADERS);
  };

  const predict = async (
    request: Request,
    { invert }: PredictQuery,
    reservation: Reservation,
  ): Promise<unknown> => {
    const type = requireType(request.headers, predictor.preprocessing ? ROW_TYPES : IMAGE_TYPES);
    if (invert && type !== "image/png") {
      throw new Refusal(
        400,
        "Cannot invert pixels: invert=1 is for image/png, and pixels are what the network sees; " +
          "send 255 - p for each pixel p",
      );
    }
    const body = await readBody(request, limits, reservation);
    try {
      if (predictor.preprocessing) {
        return await predictFromRows(predictor, body, type, readRows!, limits);
      }
      return type === JSON_TYPE
        ? predictFromJson(predictor, body, limits)
        : await predictFromPng(predictor, body, invert, limits);
    } finally {
      release(body);
    }
  };

  return async (request) => {
    const response = await answer(request).catch(errorResponse);
    allowOrigin(response.headers, request, allowOrigins);
    return response;
  };
}

/** What there is, and how it is asked for. */
const METHODS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["/predict", ["POST"]],
  ...["/", "/page.css", "/page.js", "/healthz", "/schema"].map((path) =>
    [path, ["GET", "HEAD"]] as const
  ),
]);

async function fileAt(
  path: string,
  page: PageFiles | (() => Promise<PageFiles>),
): Promise<readonly [type: string, text: string]> {
  if (path === "/healthz") return [JSON_TYPE, '{"status":"ok"}\n'];
  const { html, css, js } = typeof page === "function" ? await page() : page;
  if (path === "/page.css") return ["text/css; charset=utf-8", css];
  if (path === "/page.js") return ["text/javascript; charset=utf-8", js];
  return ["text/html; charset=utf-8", html];
}

/** An image is drawn, and cells of a row have names; numbers alone cannot be given by hand. */
function hasPage({ input, preprocessing }: Predictor): boolean {
  return !input.element || (preprocessing !== undefined && !preprocessing.window);
}

/** An image cannot be drawn where a row is none: what to send is all that there is to show. */
function rowPage({ input: { inputs }, preprocessing }: Predictor): PageFiles {
  const body = preprocessing?.window
    ? `{"rows": [{...}, ...]}, ${preprocessing.window.length} rows or more`
    : `{"inputs": [[${inputs} numbers], ...]}`;
  const html =
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Weft: a predictor</title>` +
    `<link rel="icon" href="data:,"><h1>A predictor</h1><p>Send <code>POST /predict</code> with the JSON ` +
    `<code>${body}</code> and the content type <code>application/json</code>.</p></html>\n`;
  return { html, css: "", js: "" };
}

/** What a request's address says; that it is one is not certain, because the Host is the sender's. */
function readAddress({ url }: Request): Pick<URL, "pathname" | "search" | "searchParams"> {
  try {
    const { pathname, search, searchParams } = new URL(url);
    return { pathname: decodeURIComponent(pathname), search, searchParams };
  } catch {
    throw new Refusal(
      400,
      "Cannot read the address of this request: its path or its Host is malformed; send the right one",
    );
  }
}

/** The type of a body that can be read. */
function requireType(headers: Headers, types: readonly string[]): string {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  if (encoding && encoding !== "identity") {
    throw new Refusal(
      415,
      `Cannot predict from a body whose content-encoding is ${encoding.slice(0, 80)}: ` +
        "send it as it is, without one",
      { "accept-encoding": "identity" },
    );
  }
  const type = headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  if (type && types.includes(type)) return type;
  throw new Refusal(
    415,
    `Cannot predict from content of type ${(type || "unknown").slice(0, 80)}: ` +
      `send ${types.join(" or ")}`,
  );
}

function requireMethod({ method }: Request, path: string, allowed: readonly string[]): void {
  if (allowed.includes(method)) return;
  const methods = allowed.join(", ");
  throw new Refusal(405, `Cannot ${method.slice(0, 20)} ${path}: it takes ${methods}`, {
    allow: methods,
  });
}

function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) {
  return respond(status, JSON_TYPE, `${JSON.stringify(value)}\n`, headers);
}

function respond(
  status: number,
  type: string,
  body: string | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, { status, headers: { ...HEADERS, "content-type": type, ...headers } });
}

/** A defect is said to the log, and not to the sender. */
export function errorResponse(error: unknown): Response {
  if (error instanceof Refusal) {
    return json({ error: error.message }, error.status, error.headers);
  }
  if (error instanceof WeftError) return json({ error: messageOf(error) }, 400);
  console.error(error);
  return json({ error: "Cannot answer: this is a defect of the predictor" }, 500);
}
