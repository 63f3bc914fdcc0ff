/** Names of the files that commands leave, and readers look for. */

/** The folder of all runs, and that of what is exported, in Weft's home folder. */
export const RUNS_DIR = "runs";
export const EXPORT_DIR = "dist/";
export const LOG_FILE = "log.jsonl";
export const MODEL_FILE = "model.safetensors";
/** The network of the last epoch, where the model is that of an earlier one. */
export const LAST_MODEL_FILE = "model_last.safetensors";
export const LOSS_PLOT_FILE = "loss.svg";
export const CHECKPOINTS_DIR = "checkpoints";
export const INSPECTION_FILE = "inspection.json";

/** What several runs for one purpose leave in the folder that they share a name with. */
export const SUMMARY_FILE = "summary.json";

/** What a comparison leaves in its folder. */
export const COMPARISON_FILE = "compare.json";
export const KERNELS_PLOT_FILE = "kernels.svg";

/** What a search leaves in its folder. */
export const SEARCH_FILE = "search.json";
