/** Fashion-MNIST for tests, where it is available without the network. */
import { SYSTEM_FOLDER } from "../../data/fashion_mnist.ts";
import { CACHE_DIR, loadDataset } from "../../data/load.ts";
import type { Dataset } from "../../lib/dataset/dataset.ts";
import { WeftError } from "../../lib/errors.ts";

/** Why a test that needs it is ignored where it is not there. */
export const NO_FASHION_MNIST = "Fashion-MNIST is not on this machine; `deno task data` fetches it";

/** The data set from the cache or the system package's folder; null where neither has it. */
export async function localFashionMnist(): Promise<Dataset | null> {
  for (const dataDir of [CACHE_DIR, SYSTEM_FOLDER]) {
    try {
      const { dataset } = await loadDataset({ dataDir, onNote: () => {} });
      if (dataset.name === "fashion-mnist") return dataset;
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
    }
  }
  return null;
}
