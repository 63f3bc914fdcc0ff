/**
 * The predictor for the edge, exported from the newest run's model, in workerd: how long until its first answer, and how
 * many requests of one image one core of it answers in a second. What it answers is compared with the library first, on
 * the whole test set where that is at hand, and every answer under load with the right one.
 */
import { packLayers, predictorFiles } from "../../lib/edge/export/predictor_files.ts";
import { makeHandler } from "../../lib/edge/handler.ts";
import { Predictor } from "../../lib/edge/predictor.ts";
import type { LabeledImages } from "../../lib/dataset/dataset.ts";
import { WeftError } from "../../lib/errors.ts";
import { loadModel } from "../../lib/cli/load_model.ts";
import { median, summarize, type Timing } from "../../lib/measure/statistics.ts";
import type { Model } from "../../lib/model/model.ts";
import { evaluate } from "../../lib/train/inference.ts";
import { findWorkerd, Workerd } from "../edge/workerd.ts";
import { noisyModel, noisyPixels, PAGE } from "../edge/models.ts";
import type { LoadFigures, LoadRequest } from "./edge_load.ts";
import { pathOf, runProgram } from "./processes.ts";

/** Starts the server on a core of its own, on any of them, and whoever asks it on the others where there are any. */
const LAST_CORE = navigator.hardwareConcurrency - 1;
const SERVER_CORE = ["taskset", "-c", "0"];
const ANY_CORE = ["taskset", "-c", `0-${LAST_CORE}`];
const CLIENT_CORES = `${Math.min(1, LAST_CORE)}-${LAST_CORE}`;
const CONNECTIONS = 16;
const JSON_HEADERS = { "content-type": "application/json" };

export interface EdgeFigures {
  /** Path of the model; null where there was none, and weights were made up. */
  readonly model: string | null;
  readonly codeBytes: number;
  readonly modelBytes: number;
  readonly int8Bytes: number;
  /** On the test set, in workerd and by `evaluate`, which are the same; null where there is no test set. */
  readonly accuracy: number | null;
  /** Milliseconds from the start of the process to its first answer. */
  readonly coldStart: Timing;
  /** Milliseconds from when it listens to its first answer, median. */
  readonly firstAnswerMs: number;
  /** Milliseconds of the handler, from request to response, in Deno. */
  readonly handler: Timing;
  readonly load: LoadFigures;
}

/**
 * @param folder to write the predictor to
 * @param test set for the accuracy; null where there is none
 */
export async function measureEdge(
  folder: string,
  test: LabeledImages | null,
  quick: boolean,
): Promise<EdgeFigures | { readonly reason: string }> {
  const workerd = await findWorkerd("deno", SERVER_CORE);
  if ("reason" in workerd) return workerd;
  const { model, path } = await newestModel();
  const layers = packLayers(model, "float32");
  const files = await predictorFiles(model, layers, path ?? "the model");
  const int8 = await predictorFiles(model, packLayers(model, "int8"), path ?? "the model");
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, bytes] of files) await Deno.writeFile(`${folder}/${name}`, bytes);
  const size = (name: "predictor.js" | "kernels.wasm" | "model.wasm") => files.get(name)!.length;

  const fits = test?.height === model.height && test.width === model.width ? test : null;
  const inputs = model.architecture.inputs;
  const pixels = fits ? fits.pixels.subarray(0, 256 * inputs) : noisyPixels(256, inputs);
  const module = (name: "kernels.wasm" | "model.wasm") =>
    new WebAssembly.Module(Uint8Array.from(files.get(name)!));
  const handler = makeHandler(
    new Predictor(module("kernels.wasm"), module("model.wasm")),
    PAGE,
  );
  const requests = await loadRequests(handler, pixels, inputs);
  const accuracy = fits && await compareAccuracy(workerd.path, folder, model, fits);
  const starts = await coldStarts(workerd.path, folder, requests[0], quick ? 5 : 21);
  return {
    model: path,
    codeBytes: size("predictor.js") + size("kernels.wasm"),
    modelBytes: size("model.wasm"),
    int8Bytes: int8.get("model.wasm")!.length,
    accuracy,
    coldStart: summarize(starts.map(({ wholeMs }) => wholeMs)),
    firstAnswerMs: median(starts.map(({ answerMs }) => answerMs)),
    handler: await timeHandler(handler, requests, quick ? 500 : 3000),
    load: await underLoad(workerd.path, folder, requests, quick ? 5 : 60),
  };
}

async function newestModel(): Promise<{ model: Model; path: string | null }> {
  try {
    return await loadModel(undefined);
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    return { model: noisyModel(28, 28, [100], 10), path: null };
  }
}

/** Requests of one image each, and what the handler answers in this process, whose bits tests compare. */
async function loadRequests(
  handler: (request: Request) => Promise<Response>,
  pixels: Uint8Array,
  inputs: number,
): Promise<LoadRequest[]> {
  const requests: LoadRequest[] = [];
  for (let at = 0; at < pixels.length; at += inputs) {
    const body = JSON.stringify({ pixels: [...pixels.subarray(at, at + inputs)] });
    const response = await handler(asRequest("http://127.0.0.1", body));
    requests.push({ body, answer: await response.text() });
  }
  return requests;
}

function asRequest(address: string, body: string): Request {
  return new Request(`${address}/predict`, { method: "POST", headers: JSON_HEADERS, body });
}

/** The accuracy in workerd; throws unless as many images are right as by `evaluate`. */
async function compareAccuracy(
  path: string,
  folder: string,
  model: Model,
  test: LabeledImages,
): Promise<number> {
  const { inputs } = model.architecture;
  await using server = await Workerd.start(path, folder, SERVER_CORE);
  let correct = 0;
  for (let start = 0; start < test.rows; start += 200) {
    const end = Math.min(start + 200, test.rows);
    const pixels = Array.from({ length: end - start }, (_, i) => [
      ...test.pixels.subarray((start + i) * inputs, (start + i + 1) * inputs),
    ]);
    const response = await fetch(asRequest(server.address, JSON.stringify({ pixels })));
    const { predictions } = await response.json();
    for (let i = start; i < end; i++) {
      const { predicted } = predictions[i - start];
      if (predicted === model.classNames[test.labels[i]]) correct++;
    }
  }
  const { accuracy } = await evaluate(model, test);
  if (correct !== Math.round(accuracy * test.rows)) {
    throw new Error(`workerd has ${correct} of ${test.rows} right, evaluate ${accuracy}`);
  }
  return accuracy;
}

/** Starts the server again and again, and asks it once. */
async function coldStarts(
  path: string,
  folder: string,
  { body, answer }: LoadRequest,
  times: number,
): Promise<{ wholeMs: number; answerMs: number }[]> {
  const starts = [];
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    await using server = await Workerd.start(path, folder, ANY_CORE);
    const listensAt = performance.now();
    const response = await fetch(asRequest(server.address, body));
    const text = await response.text();
    const answeredAt = performance.now();
    if (text !== answer) throw new Error(`workerd answers ${text}, and not ${answer}`);
    starts.push({ wholeMs: answeredAt - startedAt, answerMs: answeredAt - listensAt });
  }
  return starts;
}

/** The handler alone: no server, no network. */
async function timeHandler(
  handler: (request: Request) => Promise<Response>,
  requests: readonly LoadRequest[],
  budgetMs: number,
): Promise<Timing> {
  const times: number[] = [];
  for (const end = performance.now() + budgetMs; performance.now() < end;) {
    for (const { body } of requests) {
      const request = asRequest("http://127.0.0.1", body);
      const startedAt = performance.now();
      await handler(request);
      times.push(performance.now() - startedAt);
    }
  }
  // What is compiled and optimized on the way is not of interest here.
  return summarize(times.slice(times.length >> 1));
}

async function underLoad(
  path: string,
  folder: string,
  requests: readonly LoadRequest[],
  seconds: number,
): Promise<LoadFigures> {
  const file = `${folder}/load.json`;
  await Deno.writeTextFile(file, JSON.stringify(requests));
  await using server = await Workerd.start(path, folder, SERVER_CORE);
  const { port } = new URL(server.address);
  const load = async (seconds: number) => {
    const permissions = ["--no-prompt", "--allow-net=127.0.0.1", "--allow-read"];
    const script = ["run", "-q", ...permissions, pathOf("edge_load.ts")];
    const args = [
      "-c",
      CLIENT_CORES,
      "deno",
      ...script,
      port,
      `${seconds}`,
      `${CONNECTIONS}`,
      file,
    ];
    const result = await runProgram("taskset", args);
    if ("reason" in result) throw new Error(result.reason);
    const figures = result.value as LoadFigures;
    if (figures.errors > 0) throw new Error(`${figures.errors} errors: ${figures.firstError}`);
    return figures;
  };
  await load(1);
  return await load(seconds);
}
