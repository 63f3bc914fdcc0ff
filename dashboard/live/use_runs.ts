/** Runs of a page that stay up to date. */

import { useEffect, useRef, useState } from "preact/hooks";
import { liveAddress } from "../shared/positions.ts";
import type { RunDetail } from "../shared/types.ts";
import { type Connection, useLiveEvents } from "./event_stream.ts";
import { fetchCurves } from "./fetch_curves.ts";
import { RunModel } from "./run_model.ts";

interface LiveRuns {
  readonly models: readonly RunModel[];
  /** Changes with every change of a model. */
  readonly version: number;
  /** Long runs' curves are on their way. */
  readonly waiting: boolean;
  readonly connection: Connection;
}

/** Follows runs from where `details` end, and fetches what long ones leave out. */
export function useRuns(details: readonly RunDetail[]): LiveRuns {
  const [models] = useState(() => details.map((detail) => new RunModel(detail)));
  const [address] = useState(() => liveAddress(details));
  const [version, setVersion] = useState(0);
  const changed = () => setVersion(models.reduce((sum, model) => sum + model.version, 0));
  const fetching = useRef(new Set<string>());
  const waiting = models.some(({ missing }) => missing > 0);

  const connection = useLiveEvents(address, {
    onEvents: (events) => {
      for (const event of events) {
        for (const model of models) model.update(event);
      }
      changed();
    },
    isOver: models.every(({ end, removed }) => end !== null || removed),
  });

  useEffect(() => {
    // The server ends a stream where none of its runs is there.
    if (connection !== "over") return;
    for (const model of models) model.update({ type: "removed", name: model.name });
    changed();
  }, [connection]);

  useEffect(() => {
    for (const model of models) {
      if (model.missing <= 0 || fetching.current.has(model.name)) continue;
      fetching.current.add(model.name);
      fetchCurves(model)
        .catch(() => model.missing = 0) // What came with the page stays on it.
        .finally(() => {
          fetching.current.delete(model.name);
          changed();
        });
    }
  }, [version]);

  return { models, version, waiting, connection };
}
