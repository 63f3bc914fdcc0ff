/** Loads the data set for a command, showing what happens. */
import { loadDataset, type LoadedDataset } from "../../data/load.ts";
import { downloadLine, printError, StatusLine } from "./output.ts";

/** @throws {WeftError} where no source has it, or a file is not as it should be */
export async function loadData(dataDir: string | undefined): Promise<LoadedDataset> {
  using status = new StatusLine();
  return await loadDataset({
    dataDir,
    onNote: (line) => {
      status.clear();
      printError(line);
    },
    onProgress: (progress) => status.set(downloadLine(progress)),
  });
}
