/**
 * Errors that are the user's to mend. Their message is one complete line: what was asked, why it cannot be, the
 * current value, and what to do. The command line prints that line and exits with `exitCode`; anything else that is
 * thrown is a defect of Weft.
 */

/** Something that was asked for cannot be done: data, a model, a disk, a device. */
export class WeftError extends Error {
  /** For those who cannot ask by class, such as of errors from a worker. */
  override name = "WeftError";
  /** Exit code of the command line: 1 failed, 2 unusable arguments. */
  readonly exitCode: number = 1;
}

/** The request itself is unusable: an option that is unknown, missing or out of its range. */
export class UsageError extends WeftError {
  /** For those who cannot ask by class. */
  override name = "UsageError";
  /** Unusable arguments. */
  override readonly exitCode = 2;
}

/** A device that computes was lost, ran out of memory or refused a command; what it held is gone. */
export class DeviceError extends WeftError {
  /** For those who cannot ask by class. */
  override name = "DeviceError";
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
