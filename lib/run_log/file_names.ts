/** Names of the files that commands leave, and readers look for. */

/** The folder of all runs, below the current one. */
export const RUNS_DIR = "runs";
export const LOG_FILE = "log.jsonl";
export const MODEL_FILE = "model.safetensors";
export const LOSS_PLOT_FILE = "loss.svg";
export const CHECKPOINTS_DIR = "checkpoints";
export const INSPECTION_FILE = "inspection.json";

/** What a comparison leaves in its folder. */
export const COMPARISON_FILE = "compare.json";
export const KERNELS_PLOT_FILE = "kernels.svg";

/** What a search leaves in its folder. */
export const SEARCH_FILE = "search.json";
