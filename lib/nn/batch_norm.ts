/** Batch normalisation (S. Ioffe and C. Szegedy, 2015) between a layer's product and its activation, on a back end. */
import type { Backend, Matrix } from "../backend.ts";
import { NORM_EPSILON, NORM_MOMENTUM } from "./norm_parameters.ts";
import type { Parameter } from "./optimizers.ts";
import type { NormParameters } from "./tensors.ts";

/** The normalisation of one layer with O outputs. */
export class BatchNorm {
  /** 1 x O. */
  readonly weight: Matrix;
  readonly bias: Matrix;
  /** 2 x O: means and variances. Of the last batch, and running. */
  readonly #statistics: Matrix;
  readonly #running: Matrix;

  /** @param allocate makes a matrix that is released with the network */
  constructor(
    readonly backend: Backend,
    norm: NormParameters,
    allocate: (rows: number, columns: number) => Matrix,
  ) {
    const width = norm.weight.length;
    this.weight = allocate(1, width);
    this.bias = allocate(1, width);
    this.#statistics = allocate(2, width);
    this.#running = allocate(2, width);
    backend.write(this.weight, norm.weight);
    backend.write(this.bias, norm.bias);
    backend.write(this.#running, Float32Array.of(...norm.runningMean, ...norm.runningVariance));
  }

  /** The present parameters. */
  async read(): Promise<NormParameters> {
    const [weight, bias, running] = [this.weight, this.bias, this.#running]
      .map((matrix) => this.backend.read(matrix));
    const [means, variances] = [0, 1].map(async (row) => {
      const width = this.weight.columns;
      return (await running).slice(row * width, (row + 1) * width);
    });
    return {
      weight: await weight,
      bias: await bias,
      runningMean: await means,
      runningVariance: await variances,
    };
  }

  /** y from x, by the batch's statistics, which the running ones take in. y, x: B x O, B >= 2, y not x. */
  forward(y: Matrix, x: Matrix): void {
    this.backend.batchNormForward(
      y,
      this.#statistics,
      this.#running,
      x,
      this.weight,
      this.bias,
      NORM_MOMENTUM,
      NORM_EPSILON,
    );
  }

  /** Gradients from that of y, of the same batch; x as it was. dx may be dy. */
  backward(dx: Matrix, { weight, bias }: NormGradients, dy: Matrix, x: Matrix): void {
    const { backend } = this;
    const [dweight, dbias] = [weight.gradient, bias.gradient];
    backend.batchNormBackward(dx, dweight, dbias, dy, x, this.#statistics, this.weight);
  }
}

/** Its parameters that are trained. */
export interface NormGradients {
  readonly weight: Parameter;
  readonly bias: Parameter;
}
