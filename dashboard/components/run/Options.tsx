/** A run's options: those that somebody has decided first, the preset's behind a line that unfolds. */

import type { RunModel } from "../../live/run_model.ts";
import { flagOf } from "../../shared/commands.ts";
import { formatOption } from "../../shared/format.ts";
import Facts from "../ui/Facts.tsx";

export default function Options({ model }: { readonly model: RunModel }) {
  const { options, changed } = model;
  const facts = (names: readonly string[]) =>
    names.map((name) => [flagOf(name), formatOption(options[name])] as const);
  const names = Object.keys(options);
  const decided = names.filter((name) => changed.includes(name));
  const others = names.filter((name) => !changed.includes(name) && name !== "preset");
  return (
    <>
      <Facts facts={facts([...names.filter((name) => name === "preset"), ...decided])} />
      {decided.length === 0 && <p class="note">No option differs from the preset's.</p>}
      {others.length > 0 && (
        <details>
          <summary>{others.length} more, as the preset has them</summary>
          <Facts facts={facts(others)} />
        </details>
      )}
    </>
  );
}
