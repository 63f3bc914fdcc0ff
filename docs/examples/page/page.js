/** Draws the curve of what the worker trains; the page itself stays free to scroll and to be clicked. */
const status = document.querySelector("[role=status]");
const curve = document.querySelector("polyline");

// Bundlers (Vite, webpack) know this expression, and bundle the worker with what it imports.
const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

const losses = [];
worker.onmessage = ({ data }) => {
  if (data.type === "start") status.textContent = `Training with ${data.threads} threads`;
  if (data.type === "epoch") {
    losses.push(data.validationLoss);
    const highest = Math.max(...losses);
    curve.setAttribute(
      "points",
      losses.map((loss, i) => `${100 * i / (data.epochs - 1)},${50 - 50 * loss / highest}`).join(
        " ",
      ),
    );
  }
  if (data.type === "end") status.textContent = `Done: accuracy ${data.accuracy}`;
  if (data.type === "error") status.textContent = data.message;
};
worker.onerror = ({ message }) => {
  status.textContent = message;
};
