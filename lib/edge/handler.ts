/**
 * Answers requests: `POST /predict`, `GET /healthz`, and a page. Uses only what every runtime on the web has, so that the
 * same module runs on Deno and in workerd.
 */

import { messageOf, WeftError } from "../errors.ts";
import { type Held, Holdings } from "./holdings.ts";
import { LIMITS, type Limits } from "./limits.ts";
import { predictFromJson, predictFromPng } from "./answers.ts";
import { readBody, release } from "./body.ts";
import type { Predictor } from "./predictor.ts";
import { Refusal } from "./refusal.ts";

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

/** Makes the function that answers. It never rejects. */
export function makeHandler(
  predictor: Predictor,
  page: PageFiles,
  limits: Limits = LIMITS,
): Handler {
  const holdings = new Holdings(limits);
  const files = new Map<string, readonly [type: string, text: string]>([
    ["/", ["text/html; charset=utf-8", page.html]],
    ["/page.css", ["text/css; charset=utf-8", page.css]],
    ["/page.js", ["text/javascript; charset=utf-8", page.js]],
    ["/healthz", [JSON_TYPE, '{"status":"ok"}\n']],
  ]);

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/predict") {
      requireMethod(request, pathname, ["POST"]);
      using held = holdings.enter();
      return json(await predict(request, searchParams, held));
    }
    const file = files.get(pathname);
    if (!file) {
      throw new Refusal(
        404,
        `Cannot find ${pathname.slice(0, 80)}: there are /, /healthz and /predict`,
      );
    }
    requireMethod(request, pathname, ["GET", "HEAD"]);
    return respond(200, file[0], request.method === "HEAD" ? null : file[1], PAGE_HEADERS);
  };

  const predict = async (
    request: Request,
    query: URLSearchParams,
    held: Held,
  ): Promise<unknown> => {
    const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
    if (type !== JSON_TYPE && type !== "image/png") {
      throw new Refusal(
        415,
        `Cannot predict from content of type ${(type || "unknown").slice(0, 80)}: ` +
          `send ${JSON_TYPE} or image/png`,
      );
    }
    const body = await readBody(request, limits, held);
    try {
      return type === JSON_TYPE
        ? predictFromJson(predictor, body, limits)
        : await predictFromPng(predictor, body, isSet(query.get("invert")), limits);
    } finally {
      release(body);
    }
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      return errorResponse(error);
    }
  };
}

/** `?invert`, `?invert=1` and `?invert=true` ask for it. */
function isSet(value: string | null): boolean {
  return value !== null && !["0", "false"].includes(value);
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
function errorResponse(error: unknown): Response {
  if (error instanceof Refusal) {
    return json({ error: error.message }, error.status, error.headers);
  }
  if (error instanceof WeftError) return json({ error: messageOf(error) }, 400);
  console.error(error);
  return json({ error: "Cannot answer: this is a defect of the predictor" }, 500);
}
