/** What the first units of the first layer look for. */

import type { Inspection } from "../../../lib/run_log/inspection/inspection.ts";
import { formatCount, formatNumber } from "../../shared/format.ts";
import PixelImage from "./PixelImage.tsx";

export default function FirstLayer({ inspection }: { readonly inspection: Inspection }) {
  const { units, unitCount, unitHeight, unitWidth } = inspection;
  const [height, width] = [unitHeight ?? inspection.height, unitWidth ?? inspection.width];
  // Of a convolution: what it looks for in each window of an image.
  const isWindow = unitHeight !== undefined;
  return (
    <>
      <p class="note">
        {formatCount(units.length)} of {formatCount(unitCount)}{" "}
        {isWindow ? `filters of ${height} x ${width} pixels` : "units"}. Each image has its own
        scale: orange pixels raise the unit, blue ones lower it.
      </p>
      <ul class="units">
        {units.map(({ scale, weights }, i) => (
          <li
            key={i}
            title={`Unit ${i}: weights from -${formatNumber(scale)} to ${formatNumber(scale)}`}
          >
            <PixelImage
              bytes={weights}
              kind="signed"
              label={`Weights of unit ${i}, at most ${formatNumber(scale)}`}
              {...{ height, width }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
