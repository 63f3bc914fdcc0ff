/**
 * `serve`: answers for an exported predictor on this machine, until it is interrupted. Of its folder only the model is read,
 * and as data; what answers is Weft's own, so that a stranger's folder runs nothing here.
 */
import { join } from "node:path";
import { host, installation } from "../host/mod.ts";
import { bundlePage } from "../edge/export/templates.ts";
import { kernelBytes, MOST_MODEL_BYTES } from "../edge/export/predictor_files.ts";
import { errorResponse, makeHandler } from "../edge/handler.ts";
import { MODEL_SECTION } from "../edge/packed_model.ts";
import { isSoundModel } from "../edge/packed_model_check.ts";
import { Predictor } from "../edge/predictor.ts";
import { readRawRows } from "../edge/raw_rows.ts";
import { Refusal } from "../edge/refusal.ts";
import { UsageError, WeftError } from "../errors.ts";
import { isNamedBy, LOCAL_NAMES } from "../local_server/host_names.ts";
import { type Handler, serve, takePort } from "../local_server/server.ts";
import { EXPORT_DIR } from "../run_log/shared/file_names.ts";
import { isPredictor } from "./export/folder.ts";
import { print, printJson } from "./output.ts";
import { lineThatMayRead } from "./task_line.ts";

/** What the page is bundled from. */
const PAGE_SOURCES = "lib/edge/page";

export interface ServeCommandOptions {
  readonly dir: string;
  readonly port: number;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly json?: boolean;
}

export async function serveCommand(options: ServeCommandOptions): Promise<number> {
  const { dir, port, json, allowHost = [], allowOrigin } = options;
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new UsageError(`Cannot listen at port ${port}: it must be a whole number up to 65535`);
  }
  const predictor = await loadPredictor(dir);
  let made: ReturnType<typeof bundlePage> | undefined;
  const page = () =>
    made ??= bundlePage(predictor.preprocessing ? "table" : "image").catch((error) => {
      made = undefined;
      throw error;
    });
  const handler = makeHandler(predictor, page, undefined, allowOrigin, readRawRows);
  const listener = listenAt(port);
  const address = `http://${listener.addr.hostname}:${listener.addr.port}/`;
  if (json) printJson({ address });
  else print(`${dir} answers at ${address}`);
  await serve(listener, {
    handler: namedBy([...LOCAL_NAMES, ...allowHost], handler),
    refuse: (status, problem) =>
      errorResponse(new Refusal(status, `Cannot answer this request: ${problem}`)),
  });
  return 0;
}

function listenAt(port: number): ReturnType<typeof takePort> {
  try {
    return takePort(port);
  } catch (error) {
    if (!(error instanceof host.errors.AddrInUse)) throw error;
    throw new WeftError(
      `Cannot listen at 127.0.0.1:${port}: the port is taken; choose another with --port`,
    );
  }
}

/** Answers those who ask by one of these names. */
function namedBy(names: readonly string[], handler: Handler): Handler {
  return (request) => {
    if (isNamedBy(request.headers, names)) return handler(request);
    const asked = JSON.stringify(request.headers.get("host")?.slice(0, 80));
    return errorResponse(
      new Refusal(
        403,
        `Cannot answer at the host ${asked}: there are ${names.join(", ")}; ` +
          "start serve with --allow-host to add a name",
      ),
    );
  };
}

async function loadPredictor(dir: string): Promise<Predictor> {
  const path = join(dir, "model.wasm");
  const { state } = await host.permissions.query({ name: "read", path });
  if (state !== "granted") {
    throw new WeftError(
      `Cannot serve ${dir}: the task reads ${EXPORT_DIR} and folders in it, where "${installation.program} export" writes; ` +
        `copy the folder there, or run: ${lineThatMayRead(dir, [PAGE_SOURCES])}`,
    );
  }
  if (!await isPredictor(dir)) {
    throw new WeftError(
      `Cannot serve ${dir || '""'}: it has no predictor.js of Weft's; ` +
        `run "${installation.program} export" first, or name a folder that it made with --dir`,
    );
  }
  const kernels = await kernelBytes();
  try {
    const model = await readModel(path);
    return new Predictor(new WebAssembly.Module(kernels), model);
  } catch (error) {
    throw new WeftError(
      `Cannot serve ${dir}: files of it are missing or damaged; export the model again`,
      { cause: error },
    );
  }
}

/** A module that is never run: it only carries the model. */
async function readModel(path: string): Promise<WebAssembly.Module> {
  const { size, isFile } = await host.stat(path);
  if (!isFile || size > MOST_MODEL_BYTES) throw new Error(`${path} is no model of a predictor`);
  const module = new WebAssembly.Module(await host.readFile(path));
  const [section] = WebAssembly.Module.customSections(module, MODEL_SECTION);
  if (!section || !isSoundModel(section)) throw new Error(`${path} holds no model`);
  return module;
}
