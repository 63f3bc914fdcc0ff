/** What the network gets wrong while it is most sure of itself. */

import type { Inspection } from "../../../lib/run_log/inspection/inspection.ts";
import { formatCount, formatPercent } from "../../shared/format.ts";
import PixelImage from "./PixelImage.tsx";

export default function Mistakes({ inspection }: { readonly inspection: Inspection }) {
  const { mistakes, mistakeCount, classNames, height, width } = inspection;
  const nameOf = (label: number) => classNames[label] ?? `Class ${label}`;
  return (
    <>
      <p class="note">
        {formatCount(mistakes.length)} of {formatCount(mistakeCount)}{" "}
        rows of the test set that it gets wrong, those first of which it is most sure.
      </p>
      <ul class="gallery">
        {mistakes.map(({ row, trueClass, predictedClass, probability, pixels }) => (
          <li key={row}>
            <PixelImage
              bytes={pixels}
              kind="gray"
              label={`Row ${row} of the test set`}
              {...{ height, width }}
            />
            <dl>
              <div>
                <dt>is</dt>
                <dd>{nameOf(trueClass)}</dd>
              </div>
              <div>
                <dt>taken for</dt>
                <dd>
                  {nameOf(predictedClass)} <small>{formatPercent(probability, 1)}</small>
                </dd>
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}
