/**
 * The definition of every kernel: plain loops, sums in float64, results rounded once to float32. Slow, and the oracle of
 * every test.
 */
import type { Backend, Device, Kernels } from "../../backend/backend.ts";
import { channels } from "./channels.ts";
import { columns } from "./columns.ts";
import { convolutions } from "./convolutions.ts";
import { elementwise } from "./elementwise.ts";
import { images } from "./images.ts";
import { losses } from "./losses.ts";
import { memory, type ReferenceBuffers } from "./memory.ts";
import { pools } from "./pools.ts";
import { products } from "./products.ts";
import { rows } from "./rows.ts";
import { updates } from "./updates.ts";

export function createReference(): Backend {
  const kernels: Device & Kernels<ReferenceBuffers> = {
    ...memory,
    ...products,
    ...elementwise,
    ...rows,
    ...losses,
    ...columns,
    ...convolutions,
    ...channels,
    ...pools,
    ...images,
    ...updates,
  };
  return kernels as unknown as Backend;
}
