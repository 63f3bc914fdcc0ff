/**
 * A service that predicts, for any runtime that Hono has (Node, Bun, Deno, Cloudflare Workers): POST {"pixels": [[...], ...]}, a
 * row of bytes each, and get an answer a row.
 */
import { createPredictor, WeftError } from "@weft/weft/predict";
import { Hono } from "hono";

/** @param model contents of a model file */
export async function predictionService(model: Uint8Array): Promise<Hono> {
  const predictor = await createPredictor(model);
  const app = new Hono();
  app.post("/predict", async (context) => {
    const { pixels } = await context.req.json<{ pixels: number[][] }>();
    try {
      return context.json(predictor.predict(Uint8Array.from(pixels.flat())));
    } catch (error) {
      if (error instanceof WeftError) return context.json({ error: error.message }, 400);
      throw error;
    }
  });
  return app;
}
