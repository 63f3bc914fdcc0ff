/**
 * Asks for the whole curves of long runs while the page's modules are still on their way, which ask for them again and get
 * the same answer.
 */

import { curvesAddress } from "../../shared/positions.ts";
import { isPartial, type RunDetail } from "../../shared/types.ts";

export default function CurvePreloads({ details }: { readonly details: readonly RunDetail[] }) {
  return (
    <>
      {details.filter(isPartial).map(({ name }) => (
        <link
          key={name}
          rel="preload"
          as="fetch"
          href={curvesAddress(name)}
          crossOrigin="anonymous"
        />
      ))}
    </>
  );
}
