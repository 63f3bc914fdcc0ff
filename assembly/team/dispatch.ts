// Numbers for kernels, so that a job can name one, and their arguments in the order of a job. `begin` and `end` are what
// the team shares out: rows, columns or elements, as each kernel's page says.
import { adam } from "../adam";
import { addBias } from "../add_bias";
import { argmax } from "../argmax";
import { batchNormBackward, batchNormForward } from "../batch_norm";
import { clipScale } from "../clip_scale";
import { columnSums } from "../column_sums";
import { countCorrect } from "../count_correct";
import { dropout } from "../dropout";
import { gather } from "../gather";
import { geluBackward, geluForward } from "../gelu";
import { gatherTransformed } from "../gather_transformed";
import { GEMM_SCRATCH, gemmBlock, gemmPackB } from "../gemm/gemm";
import { leakyReluBackward, leakyReluForward } from "../leaky_relu";
import { momentum } from "../momentum";
import { reluBackward, reluForward } from "../relu";
import { rmsprop } from "../rmsprop";
import { rowSquares } from "../row_squares";
import { sgd } from "../sgd";
import { sigmoidBackward, sigmoidForward } from "../sigmoid";
import { softmax } from "../softmax";
import { softmaxCrossEntropy } from "../softmax_cross_entropy";
import { sumClassWeights } from "../sum_class_weights";
import { tanhBackward, tanhForward } from "../tanh";
import { weightedCrossEntropy } from "../weighted_cross_entropy";
import { at, double, float, int, kernelOf } from "./job";

export const ADD_BIAS: i32 = 0;
export const ARGMAX: i32 = 1;
export const COLUMN_SUMS: i32 = 2;
export const COUNT_CORRECT: i32 = 3;
export const GATHER: i32 = 4;
export const GEMM_BLOCK: i32 = 5;
export const GEMM_PACK_B: i32 = 6;
export const RELU_BACKWARD: i32 = 7;
export const RELU_FORWARD: i32 = 8;
export const SGD: i32 = 9;
export const SIGMOID_BACKWARD: i32 = 10;
export const SIGMOID_FORWARD: i32 = 11;
export const SOFTMAX: i32 = 12;
export const SOFTMAX_CROSS_ENTROPY: i32 = 13;
export const TANH_BACKWARD: i32 = 14;
export const TANH_FORWARD: i32 = 15;
export const MOMENTUM: i32 = 16;
export const ADAM: i32 = 17;
export const RMSPROP: i32 = 18;
export const ROW_SQUARES: i32 = 19;
export const CLIP_SCALE: i32 = 20;
export const GELU_BACKWARD: i32 = 21;
export const GELU_FORWARD: i32 = 22;
export const LEAKY_RELU_BACKWARD: i32 = 23;
export const LEAKY_RELU_FORWARD: i32 = 24;
export const BATCH_NORM_BACKWARD: i32 = 25;
export const BATCH_NORM_FORWARD: i32 = 26;
export const DROPOUT: i32 = 27;
export const SUM_CLASS_WEIGHTS: i32 = 28;
export const WEIGHTED_CROSS_ENTROPY: i32 = 29;
export const GATHER_TRANSFORMED: i32 = 30;

/** Not a kernel: ends the members. */
export const QUIT: i32 = -1;

/** Does `begin` to `end` of a job, as member `member`. */
export function runPart(job: usize, member: i32, begin: i32, end: i32): void {
  switch (kernelOf(job)) {
    case ADD_BIAS:
      return addBias(at(job, 0), at(job, 1), at(job, 2), int(job, 3), begin, end);
    case ARGMAX:
      return argmax(at(job, 0), at(job, 1), int(job, 2), begin, end);
    case COLUMN_SUMS:
      return columnSums(at(job, 0), at(job, 1), int(job, 2), int(job, 3), begin, end);
    case COUNT_CORRECT:
      return countCorrect(at(job, 0), at(job, 1), at(job, 2), at(job, 3), begin, end);
    case GATHER:
      return gather(at(job, 0), at(job, 1), at(job, 2), int(job, 3), begin, end);
    case GATHER_TRANSFORMED:
      return gatherTransformed(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        int(job, 3),
        at(job, 4),
        int(job, 5),
        int(job, 6),
        begin,
        end,
      );
    case GEMM_BLOCK:
      return gemmBlock(
        at(job, 0),
        int(job, 1),
        int(job, 2),
        at(job, 3),
        int(job, 4),
        int(job, 5) != 0,
        int(job, 6) != 0,
        at(job, 7),
        at(job, 8) + <usize>member * GEMM_SCRATCH,
        begin,
        end,
        int(job, 9),
        int(job, 10),
        int(job, 11) != 0,
      );
    case GEMM_PACK_B:
      return gemmPackB(
        at(job, 0),
        at(job, 1),
        int(job, 2),
        int(job, 3) != 0,
        double(job, 4),
        int(job, 6),
        begin,
        end,
        int(job, 7),
        int(job, 8),
      );
    case RELU_BACKWARD:
      return reluBackward(at(job, 0), at(job, 1), at(job, 2), begin, end);
    case RELU_FORWARD:
      return reluForward(at(job, 0), at(job, 1), begin, end);
    case SGD:
      return sgd(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        float(job, 4),
        float(job, 5),
        float(job, 6),
        begin,
        end,
      );
    case SIGMOID_BACKWARD:
      return sigmoidBackward(at(job, 0), at(job, 1), at(job, 2), begin, end);
    case SIGMOID_FORWARD:
      return sigmoidForward(at(job, 0), at(job, 1), begin, end);
    case SOFTMAX:
      return softmax(at(job, 0), at(job, 1), int(job, 2), begin, end);
    case SOFTMAX_CROSS_ENTROPY:
      return softmaxCrossEntropy(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        at(job, 4),
        int(job, 5),
        float(job, 6),
        begin,
        end,
      );
    case TANH_BACKWARD:
      return tanhBackward(at(job, 0), at(job, 1), at(job, 2), begin, end);
    case TANH_FORWARD:
      return tanhForward(at(job, 0), at(job, 1), begin, end);
    case MOMENTUM:
      return momentum(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        at(job, 4),
        float(job, 5),
        float(job, 6),
        int(job, 7) != 0,
        float(job, 8),
        float(job, 9),
        begin,
        end,
      );
    case ADAM:
      return adam(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        at(job, 4),
        float(job, 5),
        float(job, 6),
        float(job, 7),
        float(job, 8),
        float(job, 9),
        float(job, 10),
        float(job, 11),
        float(job, 12),
        begin,
        end,
      );
    case RMSPROP:
      return rmsprop(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        float(job, 4),
        float(job, 5),
        float(job, 6),
        float(job, 7),
        float(job, 8),
        begin,
        end,
      );
    case ROW_SQUARES:
      return rowSquares(at(job, 0), at(job, 1), int(job, 2), begin, end);
    case CLIP_SCALE:
      return clipScale(at(job, 0), at(job, 1), float(job, 2), begin, end);
    case GELU_BACKWARD:
      return geluBackward(at(job, 0), at(job, 1), at(job, 2), begin, end);
    case GELU_FORWARD:
      return geluForward(at(job, 0), at(job, 1), begin, end);
    case LEAKY_RELU_BACKWARD:
      return leakyReluBackward(at(job, 0), at(job, 1), at(job, 2), begin, end);
    case LEAKY_RELU_FORWARD:
      return leakyReluForward(at(job, 0), at(job, 1), begin, end);
    case BATCH_NORM_BACKWARD:
      return batchNormBackward(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        at(job, 4),
        at(job, 5),
        at(job, 6),
        int(job, 7),
        int(job, 8),
        begin,
        end,
      );
    case BATCH_NORM_FORWARD:
      return batchNormForward(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        at(job, 4),
        at(job, 5),
        int(job, 6),
        int(job, 7),
        float(job, 8),
        float(job, 9),
        begin,
        end,
      );
    case DROPOUT:
      return dropout(
        at(job, 0),
        at(job, 1),
        <u32>int(job, 2),
        float(job, 3),
        int(job, 4),
        int(job, 5),
        begin,
        end,
      );
    case SUM_CLASS_WEIGHTS:
      return sumClassWeights(at(job, 0), at(job, 1), at(job, 2), at(job, 3), begin, end);
    case WEIGHTED_CROSS_ENTROPY:
      return weightedCrossEntropy(
        at(job, 0),
        at(job, 1),
        at(job, 2),
        at(job, 3),
        at(job, 4),
        int(job, 5),
        float(job, 6),
        at(job, 7),
        at(job, 8),
        begin,
        end,
      );
    default:
      unreachable();
  }
}
