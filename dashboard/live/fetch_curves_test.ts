import assert from "node:assert/strict";
import { encodedCurves } from "../../tests/samples/curves.ts";
import { sampleEpoch, sampleRun } from "../../tests/samples/records.ts";
import type { RunDetail } from "../shared/types.ts";
import { fetchCurves } from "./fetch_curves.ts";
import { RunModel } from "./run_model.ts";

/** A run whose page has the last epoch only. */
function detailOf(epochCount: number): RunDetail {
  return {
    name: "a b",
    state: "running",
    run: sampleRun,
    epochs: [sampleEpoch(epochCount)],
    epochCount,
    fallbacks: [],
    resumes: [],
    end: null,
    problems: [],
    offset: 100,
  };
}

/** The server's answer when it has read so many epochs. */
function curvesOf(count: number): Response {
  return new Response(encodedCurves(Array.from({ length: count }, (_, i) => sampleEpoch(i + 1))));
}

Deno.test("the whole curves take the place of their end", async () => {
  const model = new RunModel(detailOf(5));
  await fetchCurves(model, (address) => {
    assert.equal(address, "/api/runs/a%20b/curves");
    return Promise.resolve(curvesOf(5));
  });
  assert.deepEqual([...model.curves.column("epoch")], [1, 2, 3, 4, 5]);
  assert.equal(model.missing, 0);
});

Deno.test("curves that are on their way while the log begins anew leave no hole", async () => {
  const model = new RunModel(detailOf(5));
  const counts = [7, 9];
  await fetchCurves(model, () => {
    const count = counts.shift()!;
    if (count === 7) model.update({ type: "restart", detail: detailOf(9) });
    return Promise.resolve(curvesOf(count));
  });
  assert.deepEqual([...model.curves.column("epoch")], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(model.missing, 0);
});

Deno.test("without an answer the model keeps what it has", async () => {
  const model = new RunModel(detailOf(5));
  const refused = () => Promise.resolve(new Response("", { status: 404, statusText: "Not Found" }));
  await assert.rejects(fetchCurves(model, refused), /Not Found/);
  assert.deepEqual([...model.curves.column("epoch")], [5]);
});
