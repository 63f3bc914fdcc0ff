/** From a request as Node reads it to one of the web, or to a reason why there is none. */

import type { IncomingMessage } from "node:http";
import { nameOfHost } from "./host_names.ts";

/** What `Request` cannot be made with. */
const METHODS_OF_PROXIES = ["CONNECT", "TRACE", "TRACK"];

/** Bytes of a body that wait to be read. */
const WAITING_BYTES = 64 * 1024;

/** A request, or why it cannot be one: a status and a sentence without a full stop. */
export type Read =
  | { readonly request: Request; readonly problem: null }
  | { readonly request: null; readonly status: number; readonly problem: string };

export function readRequest(message: IncomingMessage): Read {
  const method = message.method ?? "";
  const hosts = message.rawHeaders.filter((text, i) => i % 2 === 0 && /^host$/i.test(text)).length;
  if (hosts > 1) return problem(400, "it has more than one Host");
  const { host, path } = targetOf(message.url ?? "", message.headers.host ?? "");
  if (nameOfHost(host) === null) {
    return problem(400, `its Host is ${JSON.stringify(host.slice(0, 80))}, which is no name`);
  }
  if (!isPlain(path)) return problem(400, "there can be no such address");
  if (METHODS_OF_PROXIES.includes(method)) return problem(405, `${method} is not for this server`);
  const headers = headersOf(message.rawHeaders);
  headers.set("host", host);
  const body = method === "GET" || method === "HEAD" || !hasBody(message) ? null : bodyOf(message);
  const request = new Request(`http://${host}${path}`, { method, headers, body });
  return { request, problem: null };
}

/** Whether more comes after the head. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return headers["transfer-encoding"] !== undefined || (length !== undefined && length !== "0");
}

/** A proxy is asked with a whole URL, whose host then counts, and not the header's (RFC 9112, 3.2.2). */
function targetOf(target: string, host: string): { readonly host: string; readonly path: string } {
  const absolute = /^http:\/\/([^/?#]*)(.*)$/i.exec(target);
  if (!absolute) return { host, path: target };
  const [, authority, rest] = absolute;
  return { host: authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Whether a path is text and climbs nowhere, so that none behind must look for either; `*` is no path. */
function isPlain(path: string): boolean {
  const [name] = path.split("?", 1);
  try {
    // Backslashes are slashes to a URL.
    const parts = decodeURIComponent(name).split(/[/\\]/);
    return name.startsWith("/") && !parts.includes("..") && !parts.includes(".");
  } catch {
    return false;
  }
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let i = 0; i < raw.length; i += 2) headers.append(raw[i], raw[i + 1]);
  return headers;
}

/** Not Node's own conversion: pieces here have memory of their own, which readers may give back. */
function bodyOf(message: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isOver = false;
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      const fail = () => {
        if (!isOver) controller.error(new Error("the body broke off"));
        isOver = true;
      };
      message.on("data", (piece: Uint8Array) => {
        if (isOver) return;
        controller.enqueue(new Uint8Array(piece));
        if ((controller.desiredSize ?? 0) <= 0) message.pause();
      });
      message.on("end", () => {
        if (!isOver) controller.close();
        isOver = true;
      });
      message.on("error", fail);
      message.on("aborted", fail);
      message.on("close", fail);
      message.pause();
    },
    pull: () => void message.resume(),
    cancel: () => {
      isOver = true;
      // The rest is not read; the answer closes the connection.
      message.pause();
    },
  }, { highWaterMark: WAITING_BYTES, size: ({ length }) => length });
}

function problem(status: number, problem: string): Read {
  return { request: null, status, problem };
}
