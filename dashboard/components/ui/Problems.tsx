/** What of a log could not be used. */

import type { LogProblem } from "../../../lib/run_log/run/reader.ts";

/** Line 0 stands for the log as a whole. */
export default function Problems({ problems }: { readonly problems: readonly LogProblem[] }) {
  return (
    <ul class="problems">
      {problems.map(({ line, message }, i) => (
        <li key={i}>{line > 0 && <b>{`Line ${line}: `}</b>}{message}</li>
      ))}
    </ul>
  );
}
