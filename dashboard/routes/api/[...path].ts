import type { Handlers } from "../../shared/route.ts";
import { refusal } from "../../store/answers.ts";

/** Whoever asks for data that is not there gets no page. */
export const handler: Handlers = {
  GET: () => refusal(404, "there is no such address"),
};
