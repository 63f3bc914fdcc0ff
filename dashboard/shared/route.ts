/**
 * What route modules see of the server that runs them, be it the npm host or Fresh: Fresh 2's conventions, in types of our
 * own, so that no route imports either.
 */

import type { ComponentType } from "preact";
import type { RunStore } from "../store/run_store.ts";

/** What a server tells every request of. */
export interface State {
  readonly store: RunStore;
  /** Of the page, for its head; a handler may set it. */
  title?: string;
}

/** What a handler is given. */
export interface RouteContext {
  readonly req: Request;
  readonly url: URL;
  /** What the brackets in the route's file name stand for. */
  readonly params: Readonly<Record<string, string>>;
  readonly state: State;
}

/** What a page is made of. */
export interface PageData<Data> {
  readonly data: Data;
  readonly status?: number;
  readonly headers?: HeadersInit;
}

type Handler<Data = never> = (
  context: RouteContext,
) => Response | PageData<Data> | Promise<Response | PageData<Data>>;

/** A function for each method; HEAD is answered by GET's. */
export interface Handlers<Data = never> {
  readonly GET: Handler<Data>;
}

/** Properties of a page component. */
export interface PageProps<Data> extends Omit<RouteContext, "req"> {
  readonly data: Data;
}

/** Properties of `_app.tsx`. */
export interface AppProps extends Omit<RouteContext, "req"> {
  readonly Component: ComponentType;
}

/** Properties of `_error.tsx`. */
export interface ErrorProps extends Omit<RouteContext, "req"> {
  /** What was thrown; where no route fits, something with the `status` 404. */
  readonly error: unknown;
}
