/** Names of the files of a run. */

/** The folder of all runs, below the current one. */
export const RUNS_DIR = "runs";
export const LOG_FILE = "log.jsonl";
export const MODEL_FILE = "model.safetensors";
export const LOSS_PLOT_FILE = "loss.svg";

/** What a comparison leaves in its folder. */
export const COMPARISON_FILE = "compare.json";
export const KERNELS_PLOT_FILE = "kernels.svg";
