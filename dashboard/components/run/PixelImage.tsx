/** A small image, its pixels enlarged. */

import { useEffect, useRef } from "preact/hooks";
import { toRgba } from "../../chart/pixels.ts";

interface Props {
  /** `height * width` bytes in base64. */
  readonly bytes: string;
  readonly height: number;
  readonly width: number;
  readonly kind: "gray" | "signed";
  /** What it shows, for those who do not see it. */
  readonly label: string;
}

export default function PixelImage({ bytes, height, width, kind, label }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const rgba = toRgba(bytes, height * width, kind);
    if (rgba) {
      canvas.current?.getContext("2d")?.putImageData(new ImageData(rgba, width, height), 0, 0);
    }
  }, [bytes, height, width, kind]);
  return (
    <canvas
      ref={canvas}
      class="pixels"
      {...{ width, height }}
      role="img"
      aria-label={label}
    />
  );
}
