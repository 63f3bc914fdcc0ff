/**
 * What the kernels compute that know of positions and channels, but for convolutions (convolution.ts). For how kernels are
 * declared see kernels.ts.
 *
 * Glossary: B images of a batch, C channels of an image.
 */
import type { BufferTypes } from "./matrices.ts";

/** The kernels of channels and pools. */
export interface ImageKernels<T extends BufferTypes = BufferTypes> {
  /**
   * Of each channel, in S parts of a batch: part s has the images floor(B s / S) to floor(B (s + 1) / S), M values of a channel.
   *
   *     moments[s, c]     = mean of x over the part            0 where it has no image
   *     moments[s, C + c] = sum of (x - that mean)^2
   *
   * moments: S x 2C; x: B x (positions C), channels side by side.
   */
  channelMoments(moments: T["matrix"], x: T["matrix"], positions: number, channels: number): void;

  /**
   * Mean and variance of each channel from the moments of its parts, and the running ones, as for `batchNormForward` with
   * B positions rows, at least 2. statistics, running: 2 x C; moments: S x 2C, of `images` images.
   */
  channelStatistics(
    statistics: T["matrix"],
    running: T["matrix"],
    moments: T["matrix"],
    images: number,
    positions: number,
    momentum: number,
    epsilon: number,
  ): void;

  /** y = (x - mean) / sqrt(variance + epsilon) * weight + bias of its channel. y, x: B x (positions C), y may be x. */
  channelNormForward(
    y: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    positions: number,
  ): void;

  /**
   * Of each channel, in parts as for `channelMoments`, with n the normalized x: sums[s, c] = sum dy, sums[s, C + c] = sum dy n.
   * sums: S x 2C; dy, x: B x (positions C); statistics: 2 x C.
   */
  channelGradientSums(
    sums: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    positions: number,
  ): void;

  /** dbias[c] = sum over s of sums[s, c]; dweight[c] = sum over s of sums[s, C + c]. dweight, dbias: 1 x C; sums: S x 2C. */
  channelNormGradients(dweight: T["matrix"], dbias: T["matrix"], sums: T["matrix"]): void;

  /**
   * dx = (dy - dbias / M - n dweight / M) weight / sqrt(variance + epsilon) with M = B positions. dx, dy, x: B x (positions C);
   * dx may be dy.
   */
  channelNormBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    dweight: T["matrix"],
    dbias: T["matrix"],
    positions: number,
  ): void;

  /**
   * What `channelNormForward`, relu and `maxPoolForward` with windows of 2 x 2 give one after the other, in one pass. y: B x
   * (floor(height / 2) floor(width / 2) C); x: B x (height width C).
   */
  channelNormPoolForward(
    y: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    height: number,
    width: number,
  ): void;

  /** As `channelGradientSums`, of the gradient that `dy` of `channelNormPoolForward` leaves where its pool and relu let it through. */
  channelPoolSums(
    sums: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    height: number,
    width: number,
  ): void;

  /** As `channelNormBackward`, of that gradient. dx, x: B x (height width C), dx may be x; dy as y. */
  channelNormPoolBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    statistics: T["matrix"],
    weight: T["matrix"],
    bias: T["matrix"],
    dweight: T["matrix"],
    dbias: T["matrix"],
    height: number,
    width: number,
  ): void;

  /**
   * The largest of each window of size x size pixels of a channel; windows do not overlap, and what is left at the right and
   * below is dropped. y: B x (floor(height / size) floor(width / size) channels); x: B x (height width channels).
   */
  maxPoolForward(
    y: T["matrix"],
    x: T["matrix"],
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void;

  /** dx = dy where x is the first of the largest in its window, row by row, else 0. dx is not dy. */
  maxPoolBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    x: T["matrix"],
    height: number,
    width: number,
    channels: number,
    size: number,
  ): void;

  /** The mean of each window of down x across pixels of a channel, as for `maxPoolForward`. */
  averagePoolForward(
    y: T["matrix"],
    x: T["matrix"],
    height: number,
    width: number,
    channels: number,
    down: number,
    across: number,
  ): void;

  /** dx = dy / (down across) of its window; 0 where x has none. dx is not dy. */
  averagePoolBackward(
    dx: T["matrix"],
    dy: T["matrix"],
    height: number,
    width: number,
    channels: number,
    down: number,
    across: number,
  ): void;
}
