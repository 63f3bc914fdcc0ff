/**
 * A Cloudflare Worker that predicts: POST rows of bytes, one after the other, and get an answer a row. Wrangler hands over
 * `.wasm` files compiled and `.bin` files as bytes, so nothing is compiled or fetched when a request comes; `model.bin` is a
 * model file, `cp runs/NAME/model.safetensors model.bin`.
 */
import { createPredictor, WeftError } from "@weft/weft/predict";
import kernels from "@weft/weft/kernels/predictor.wasm";
import model from "./model.bin";

let predictor;

export default {
  async fetch(request) {
    try {
      predictor ??= createPredictor(new Uint8Array(model), { kernels });
      const rows = new Uint8Array(await request.arrayBuffer());
      return Response.json((await predictor).predict(rows));
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
      return Response.json({ error: error.message }, { status: 400 });
    }
  },
};
