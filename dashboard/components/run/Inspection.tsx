/** What a run's `inspection.json` shows: fetched apart, because images are most of its bytes. */

import { useEffect, useState } from "preact/hooks";
import type { Inspection } from "../../../lib/run_log/inspection/inspection.ts";
import Card from "../ui/Card.tsx";
import FirstLayer from "./FirstLayer.tsx";
import Mistakes from "./Mistakes.tsx";

interface Props {
  readonly name: string;
  /** Whether the file is there, or will be in a moment. */
  readonly expected: boolean;
}

/** The file is written about when the run ends: it is asked for again a few times. Milliseconds. */
const RETRY_MS = 1000;
const TRIES = 5;

export default function InspectionCards({ name, expected }: Props) {
  const [inspection, setInspection] = useState<Inspection | null>(null);
  useEffect(() => {
    if (!expected) return;
    const leaving = new AbortController();
    fetchInspection(name, leaving.signal).then(setInspection, () => {});
    return () => leaving.abort();
  }, [name, expected]);

  if (!inspection) return null;
  return (
    <>
      {inspection.mistakes.length > 0 && (
        <Card title="Most confident mistakes" wide>
          <Mistakes inspection={inspection} />
        </Card>
      )}
      {inspection.units.length > 0 && (
        <Card title="First layer" wide>
          <FirstLayer inspection={inspection} />
        </Card>
      )}
    </>
  );
}

/** @returns Null where the run has none. The server has checked every field. */
async function fetchInspection(name: string, signal: AbortSignal): Promise<Inspection | null> {
  for (let tries = 1; !signal.aborted; tries++) {
    const response = await fetch(`/api/runs/${encodeURIComponent(name)}/inspection`, { signal });
    if (response.ok) return await response.json();
    if (tries === TRIES) return null;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  return null;
}
