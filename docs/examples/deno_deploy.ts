/**
 * The service of hono_handler.ts on Deno Deploy, and in Deno anywhere: `model.safetensors` lies beside it. No permission but to
 * listen and to read the model.
 */
import { predictionService } from "./hono_handler.ts";

const model = await Deno.readFile(new URL("model.safetensors", import.meta.url));
const service = await predictionService(model);
Deno.serve(service.fetch);
