import CurvePreloads from "../components/chart/CurvePreloads.tsx";
import ComparePage from "../islands/ComparePage.tsx";
import { parsePositions, parseSlots } from "../shared/positions.ts";
import type { Handlers, PageProps } from "../shared/route.ts";
import { MAX_FOLLOWED, type RunDetail } from "../shared/types.ts";

interface Data {
  readonly details: RunDetail[];
  /** Of each of these runs: what its color follows from. */
  readonly slots: number[];
  /** Names that were asked for and are no runs' names. */
  readonly missing: string[];
  /** Names beyond the most that a page shows. */
  readonly left: string[];
}

export const handler: Handlers<Data> = {
  async GET({ url, state }) {
    state.title = "Compare runs";
    const names = parsePositions(url.searchParams.get("runs") ?? "").map(({ name }) => name);
    const found = names.filter((name) => state.store.has(name));
    const details = await Promise.all(
      found.slice(0, MAX_FOLLOWED).map((name) => state.store.detail(name)),
    );
    const missing = names.filter((name) => !found.includes(name)).slice(0, MAX_FOLLOWED);
    const there = details.filter((detail) => detail !== null);
    // Of a run that is gone, nobody else gets the color.
    const said = parseSlots(url.searchParams.get("slots"));
    const given = said?.length === names.length ? said : null;
    const slots = there.map(({ name }) => given?.[names.indexOf(name)] ?? names.indexOf(name));
    return {
      data: { details: there, slots, missing, left: found.slice(MAX_FOLLOWED, 2 * MAX_FOLLOWED) },
    };
  },
};

export default function Compare({ data: { details, slots, missing, left }, url }: PageProps<Data>) {
  return (
    <>
      {missing.length > 0 && <p role="alert">There is no run called {missing.join(", ")}.</p>}
      {left.length > 0 && (
        <p role="alert">
          {MAX_FOLLOWED} runs are compared at once; left out: {left.join(", ")}.
        </p>
      )}
      <CurvePreloads details={details} />
      <ComparePage details={details} slots={slots} query={url.search} />
    </>
  );
}
