import { styleSheet } from "../components/styles.ts";
import type { Handlers } from "../shared/route.ts";
import { keptAnswer } from "../store/answers.ts";

/** How all pages look. */
export const handler: Handlers = {
  async GET({ req }) {
    const bytes = new TextEncoder().encode(await styleSheet());
    return await keptAnswer(req, bytes, "text/css; charset=utf-8");
  },
};
