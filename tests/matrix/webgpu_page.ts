/** What the page of webgpu.ts loads: the conformance suite, a case at a time. Bundled for the browser. */

import { createBackend } from "../../lib/backends/mod.ts";
import type { Backend } from "../../lib/backend/mod.ts";
import { CASES } from "../conformance/suite.ts";

let made: Promise<Backend> | undefined;

function backend(): Promise<Backend> {
  return made ??= createBackend({ backend: "webgpu" });
}

Object.assign(globalThis, {
  names: () => [...CASES.keys()],
  adapter: async () => (await backend()).description.adapter,
  /** Why a case fails; null where it does not. */
  failure: async (name: string): Promise<string | null> => {
    try {
      await CASES.get(name)!(await backend());
      return null;
    } catch (error) {
      return `${error}\n${(error as Error).stack}`;
    }
  },
});
