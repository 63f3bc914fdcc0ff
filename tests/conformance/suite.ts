/**
 * The tests that every back end must pass. Each kernel is compared with the reference, within
 * bounds that tolerance.ts derives, and with small cases worked out by hand, so that the reference
 * is not only compared with itself.
 */
import type { Backend } from "../../lib/backend/mod.ts";
import { aliasCases } from "./alias_cases.ts";
import { accuracyCases } from "./accuracy_cases.ts";
import { batchNormCases } from "./batch_norm_cases.ts";
import { classificationCases } from "./classification_cases.ts";
import { channelCases } from "./channel_cases.ts";
import { channelPoolCases } from "./channel_pool_cases.ts";
import { clippingCases } from "./clipping_cases.ts";
import { convolutionCases } from "./convolution_cases.ts";
import { dropoutCases } from "./dropout_cases.ts";
import { elementwiseCases } from "./elementwise_cases.ts";
import { gemmCases } from "./gemm_cases.ts";
import { lossCases } from "./loss_cases.ts";
import { memoryCases, ownershipCases } from "./memory_cases.ts";
import { poolCases } from "./pool_cases.ts";
import { rowCases } from "./row_cases.ts";
import { sgdCases } from "./sgd_cases.ts";
import { softmaxCases } from "./softmax_cases.ts";
import { updateCases } from "./update_cases.ts";
import { weightedCases } from "./weighted_cases.ts";

type Check = (backend: Backend) => Promise<void>;

/** Checks of one family of kernels, by the sentence that each proves. */
export type Cases = Readonly<Record<string, Check>>;

const FAMILIES: readonly Cases[] = [
  memoryCases,
  aliasCases,
  gemmCases,
  rowCases,
  elementwiseCases,
  softmaxCases,
  classificationCases,
  sgdCases,
  updateCases,
  clippingCases,
  accuracyCases,
  dropoutCases,
  batchNormCases,
  weightedCases,
  lossCases,
  convolutionCases,
  channelCases,
  channelPoolCases,
  poolCases,
];

/** Every case, by the sentence that it proves. */
export const CASES: ReadonlyMap<string, Check> = new Map(
  FAMILIES.flatMap((cases) => Object.entries(cases)),
);

/**
 * Registers every case as a test.
 *
 * @param name        what the tests call the back end
 * @param makeBackend called once: starting threads, or compiling the kernels of a device, takes longer than most cases
 * @param ignored     why it cannot run here; null where it can
 */
export function conformanceSuite(
  name: string,
  makeBackend: () => Promise<Backend>,
  ignored: string | null = null,
): void {
  let made: Promise<Backend> | undefined;
  for (const [sentence, check] of CASES) {
    Deno.test({
      name: `${name}: ${sentence}${ignored ? ` (ignored: ${ignored})` : ""}`,
      ignore: ignored !== null,
      async fn() {
        await check(await (made ??= makeBackend()));
      },
    });
  }
}

/** The same for what becomes of buffers; every case has a back end of its own. */
export function ownershipSuite(
  name: string,
  makeBackend: () => Promise<Backend>,
  ignored: string | null = null,
): void {
  for (const [sentence, check] of Object.entries(ownershipCases)) {
    Deno.test({
      name: `${name}: ${sentence}${ignored ? ` (ignored: ${ignored})` : ""}`,
      ignore: ignored !== null,
      async fn() {
        using backend = await makeBackend();
        await check(backend);
      },
    });
  }
}
