import type { Handlers } from "../../../../shared/route.ts";
import { noSuchRun, refusal } from "../../../../store/answers.ts";
import { readModelOf } from "../../../../store/models.ts";

/** The network that a run has saved, as the file that `deno task predict` takes. */
export const handler: Handlers = {
  GET({ params: { name }, state }) {
    if (!state.store.has(name)) return noSuchRun();
    const { bytes, problem } = readModelOf(state.store.root, name);
    if (!bytes) return refusal(404, problem);
    return new Response(bytes, {
      headers: {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename*=UTF-8''${encoded(name)}.safetensors`,
      },
    });
  },
};

/** As RFC 8187 has it, which leaves fewer characters than `encodeURIComponent`. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
