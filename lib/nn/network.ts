/**
 * A network as a description: its layers in order, what they are called and which tensors they have. Nothing of it is on a
 * back end; that is `Sequential`.
 */
import { UsageError } from "../errors.ts";
import { ACTIVATIONS } from "./activations.ts";
import { type Architecture, type LayerSequence, layersOf, sequenceOf } from "./architecture.ts";
import { INPUT_SCALE, type InputMap } from "./input_map.ts";
import {
  type Initial,
  type Layer,
  type LayerKind,
  type MatrixSpec,
  type Shape,
  sizeOf,
} from "./layer.ts";
import { readLayer, type WrittenLayer } from "./layers/mod.ts";
import { layerName, requireTensor, type Tensors, type Values } from "./tensors.ts";

/** What a network is made of. */
export interface NetworkSpec extends Omit<LayerSequence, "inputs"> {
  /** What the rows of its input consist of; bytes by default. */
  readonly element?: "uint8" | "float32";
  /** What it takes for its input's bytes; bytes from 0 to 255 become inputs from 0 to 1 by default. */
  readonly inputMap?: InputMap;
  /** Keeps the output layer's bias as it is. */
  readonly freezeOutputBias?: boolean;
  /** Names of tensors that stay as they are: they have no gradients. */
  readonly frozen?: readonly string[];
  /** Decides what is dropped. */
  readonly seed?: number;
}

export interface NetworkLayer extends WrittenLayer {
  /** `layers.0`; empty for a layer without tensors. */
  readonly name: string;
  readonly input: Shape;
  readonly layer: Layer;
}

/** A tensor of a network, by its full name. */
export interface NetworkTensor {
  readonly name: string;
  readonly length: number;
  readonly initial: Initial;
  readonly matrix: MatrixSpec;
}

/** A gibibyte of float32, four of which (with gradients and two copies) training holds at once. */
const MOST_PARAMETERS = 2 ** 28;

const BYTES: InputMap = { scale: INPUT_SCALE, offset: 0 };

export class Network {
  /** From the input side; the last is the output's. */
  readonly layers: readonly NetworkLayer[];
  /** From the input side, in the order in which files have them. */
  readonly tensors: readonly NetworkTensor[];
  /** I: numbers of a sample. */
  readonly inputs: number;

  /** @throws {UsageError} where a layer is not known, or cannot stand where it stands */
  constructor(readonly spec: NetworkSpec) {
    this.inputs = sizeOf(spec.shape);
    this.layers = placed(spec);
    this.tensors = this.layers.flatMap(({ name, layer }) =>
      Object.values(layer.matrices).flatMap((matrix) =>
        matrix.tensors.map((tensor) => ({
          name: `${name}.${tensor.name}`,
          length: tensor.rows * matrix.columns,
          initial: tensor.initial,
          matrix,
        }))
      )
    );
  }

  /** The network of a model. */
  static of(architecture: Architecture, more: Partial<NetworkSpec> = {}): Network {
    const { shape, layers, outputs } = sequenceOf(architecture);
    return new Network({ shape, layers, outputs, ...more });
  }

  /** Units of the layers with weights, after the number of inputs: 784-100-10. */
  get widths(): number[] {
    const weighted = this.layers.filter(({ layer: { flops = 0 } }) => flops > 0);
    return [this.inputs, ...weighted.map(({ layer }) => sizeOf(layer.output))];
  }

  /** The tensor that has a row for each input, in any order that the inputs have; null where their order matters. */
  get inputTensor(): string | null {
    const first = this.layers.find(({ layer }) => !layer.isIdentity);
    return first?.kind.takesFlat ? `${first.name}.weight` : null;
  }

  /** Whether an optimizer changes a tensor. */
  isTrained({ name, matrix }: Pick<NetworkTensor, "name" | "matrix">): boolean {
    return matrix.trained && !this.spec.frozen?.includes(name);
  }

  /** The first layer with something to train: backward passes end there. 0 where nothing is frozen. */
  get firstTrained(): number {
    const { frozen = [] } = this.spec;
    if (frozen.length === 0) return 0;
    return this.layers.findIndex(({ name, layer }) =>
      Object.entries(layer.matrices).some(([key, { trained }]) =>
        trained && !frozen.includes(`${name}.${key}`)
      )
    );
  }

  /** The network as a model has it: without what is for training alone. */
  get folded(): Network {
    const used = this.layers.slice(0, -1).filter(({ kind, layer }) =>
      !kind.folds && !layer.isForTraining && !layer.isIdentity
    );
    return new Network({ ...this.spec, layers: used.map(({ text }) => text) });
  }

  /** Of the model: a perceptron where it is one. */
  get architecture(): Architecture {
    const { shape, layers, outputs } = this.folded.spec;
    const { inputs } = this;
    const hidden = layers.flatMap((text) => /^dense (\d+)$/.exec(text)?.[1] ?? []).map(Number);
    const activation = ACTIVATIONS.find((it) => it === layers[1]) ?? ACTIVATIONS[0];
    const perceptron = { inputs, hidden, outputs, activation };
    const isOne = layersOf(perceptron).join() === layers.join();
    return isOne ? perceptron : { inputs, shape, layers, outputs };
  }

  /** Number of weights and biases of the model. */
  get parameterCount(): number {
    return this.folded.tensors.reduce((sum, { length }) => sum + length, 0);
  }

  /** Multiplications and additions of the matrix products of a step. */
  flopsOfStep(batchSize: number): number {
    const flops = this.layers.map(({ layer: { flops = 0 } }) => flops).filter((flops) => flops > 0);
    // Forward and the weights' gradient, and the input's gradient for all layers but the first.
    return batchSize * flops.reduce((sum, flops, l) => sum + (l === 0 ? 2 : 3) * flops, 0);
  }

  /** @throws {UsageError} where it is larger than anything that Weft can hold */
  requireAffordable(): void {
    const parameters = this.parameterCount;
    if (parameters <= MOST_PARAMETERS) return;
    throw new UsageError(
      `Cannot train a network of ${parameters} parameters: at most ${MOST_PARAMETERS} are possible, and its layers are ` +
        `${this.widths.join("-")}; use smaller layers`,
    );
  }

  /** Its tensors in the beginning, those that are drawn one number at a time. @param drawing makes what draws for a layer */
  initial(drawing: (inputs: number, outputs: number) => () => number): Map<string, Values> {
    return new Map(this.tensors.map(({ name, length, initial }) => {
      const values = new Float32Array(length);
      if (typeof initial === "number") return [name, values.fill(initial)];
      const draw = drawing(initial.inputs, initial.outputs);
      for (let i = 0; i < length; i++) values[i] = draw();
      return [name, values];
    }));
  }

  /**
   * Its own of more tensors.
   *
   * @throws {WeftError} where one is missing or of another length
   */
  pick(tensors: Tensors): Map<string, Values> {
    return new Map(
      this.tensors.map(({ name, length }) => [name, requireTensor(tensors, name, length)]),
    );
  }

  /** The tensors of `folded`, from its own. */
  fold(tensors: Tensors): Map<string, Values> {
    const folded = new Map<string, Values>();
    let before = "";
    for (const { name, kind, layer } of this.layers) {
      const specs = Object.values(layer.matrices).flatMap((matrix) => matrix.tensors);
      const own = Object.fromEntries(
        specs.map((it) => [it.name, tensors.get(`${name}.${it.name}`)!]),
      );
      if (kind.folds) {
        const [weight, bias] = [folded.get(`${before}.weight`)!, folded.get(`${before}.bias`)!];
        const both = layer.fold!({ weight, bias }, own);
        folded.set(`${before}.weight`, both.weight).set(`${before}.bias`, both.bias);
      } else {
        for (const [tensor, values] of Object.entries(own)) folded.set(`${name}.${tensor}`, values);
        if (specs.length > 0) before = name;
      }
    }
    return folded;
  }
}

/** Each layer with its input's shape and its name. */
function placed(spec: NetworkSpec): NetworkLayer[] {
  const { inputMap = BYTES, freezeOutputBias = false, seed = 0 } = spec;
  const written = [...spec.layers, `dense ${spec.outputs}`].map(readLayer);
  const layers: NetworkLayer[] = [];
  const seen = new Map<LayerKind, number>();
  let shape = spec.shape;
  let weighted = 0;
  const add = (it: WrittenLayer, next: WrittenLayer | undefined) => {
    const { kind } = it;
    const isFirst = layers.every(({ layer }) => layer.isIdentity);
    const ordinal = seen.get(kind) ?? 0;
    const place = {
      input: shape,
      inputMap: isFirst ? inputMap : null,
      trainsBias: next ? !next.kind.folds : !freezeOutputBias,
      ordinal,
      seed,
    };
    const layer = kind.layer(it.spec, place);
    if (isFirst && !layer.isIdentity && !kind.takesBytes) {
      throw new UsageError(
        `Cannot train with "${it.text}" for the first layer: it takes what a layer with weights gives; begin with dense N`,
      );
    }
    const before = layers.at(-1);
    if (kind.folds && (!before?.name || before.kind.folds)) {
      throw new UsageError(
        `Cannot train with "${it.text}" after "${before?.text}": it becomes part of a layer with weights; ` +
          "put it right after that, as in dense 64, batch-norm, relu",
      );
    }
    const hasTensors = Object.keys(layer.matrices).length > 0;
    const name = !hasTensors ? "" : kind.folds ? `${before!.name}.norm` : layerName(weighted++);
    layers.push({ ...it, name, input: shape, layer });
    seen.set(kind, ordinal + 1);
    shape = layer.output;
  };
  written.forEach((it, i) => {
    if (it.kind.takesFlat && shape.length > 1) add(readLayer("flatten"), it);
    add(it, written[i + 1]);
  });
  return layers;
}
