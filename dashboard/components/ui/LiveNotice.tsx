/** Says, politely, when a page is not up to date. */

import type { Connection } from "../../live/event_stream.ts";

const TEXTS: Readonly<Record<Connection, string>> = {
  connecting: "",
  live: "",
  lost: "The dashboard does not answer; what is shown is the last that came. Trying again …",
  over: "There is nothing to follow any more; load the page anew to see the latest.",
};

export default function LiveNotice({ connection }: { readonly connection: Connection }) {
  return <p class="live-notice" role="status">{TEXTS[connection]}</p>;
}
