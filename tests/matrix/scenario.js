/**
 * What a user of the package does, on the runtime that this runs on: trains a small network, saves, loads, predicts, exports.
 * In JavaScript, because runtimes load it as it is. All that it answers is JSON.
 */

const ROWS = 400;
const [HEIGHT, WIDTH] = [12, 12];
const PIXELS = HEIGHT * WIDTH;
const CLASSES = ["left", "middle", "right"];

/** Stripes under noise, from a generator of its own. */
function stripes() {
  const labels = Uint8Array.from({ length: ROWS }, (_, i) => i % CLASSES.length);
  let state = 1;
  const noise = () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 25;
  const pixels = Uint8Array.from({ length: ROWS * PIXELS }, (_, i) => {
    const isStripe = i % PIXELS % CLASSES.length === labels[Math.floor(i / PIXELS)];
    return (isStripe ? 120 : 0) + noise();
  });
  return { rows: ROWS, height: HEIGHT, width: WIDTH, pixels, labels };
}

/** Wide enough that two threads share the work. */
const CONFIG = { hidden: [300], activation: "tanh", batchSize: 128, epochs: 4 };

/**
 * @param weft the package's main entry point
 * @param predict its entry point for predictions alone
 * @param backendOptions of `createBackend`
 * @param predictorOptions of `createPredictor`
 */
export async function scenario(weft, predict, backendOptions = {}, predictorOptions = {}) {
  const train = stripes();
  const backend = await weft.createBackend({ threads: 2, ...backendOptions });
  const losses = [];
  let environment, end;
  for await (const event of weft.train({ train, backend, classNames: CLASSES, config: CONFIG })) {
    if (event.type === "start") environment = event.environment;
    if (event.type === "epoch") losses.push(event.trainLoss, event.validationLoss);
    if (event.type === "end") end = event;
  }
  const bytes = weft.encodeModel(end.model);
  const model = weft.decodeModel(bytes, "the model");
  const { accuracy } = await weft.evaluate(model, train, { backend });
  const [probabilities] = await weft.predictProbabilities(
    model,
    train.pixels.subarray(0, PIXELS),
    { backend },
  );
  const table = await weft.readCsv("a,b\n1,x\n2.5,y\n");
  backend[Symbol.dispose]();
  const predictor = await predict.createPredictor(bytes, predictorOptions);
  const [answer] = predictor.predict(train.pixels.subarray(0, PIXELS));
  return {
    environment,
    losses,
    accuracy,
    model: await digest(bytes),
    onnx: await digest(weft.encodeOnnx(model)),
    probabilities: [...probabilities],
    predicted: answer.predicted,
    columns: table.columns.map(({ name }) => name),
  };
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
