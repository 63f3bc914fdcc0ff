/**
 * A state of training as the bytes of a checkpoint: a safetensors file, which other tools can look into, whose metadata
 * has everything that is no tensor. Metadata, all texts: `format` "weft-checkpoint", `formatVersion`, `sha256` (of the
 * file with 64 zeros in this place), `state` (JSON: `identity` and `progress` of `TrainingState`).
 */
import { hexOf } from "../../bytes/hex.ts";
import { messageOf, WeftError } from "../../errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../model/safetensors.ts";
import type { TrainingState } from "./state.ts";
import { checkedState } from "./state_check.ts";

const FORMAT = "weft-checkpoint";
const VERSION = "1";

/** Stands for the digest while it is being computed. */
const NO_DIGEST = "0".repeat(64);

/** Bytes in which the digest is. */
const BEGINNING = 256;

/** The bytes of a checkpoint; the same state gives the same bytes. */
export async function encodeState(
  { identity, progress, tensors }: TrainingState,
): Promise<Uint8Array<ArrayBuffer>> {
  const named = [...tensors].map(([name, data]) => ({ name, shape: [data.length], data }));
  const bytes = encodeSafetensors(named, {
    format: FORMAT,
    formatVersion: VERSION,
    sha256: NO_DIGEST,
    state: JSON.stringify({ identity, progress }),
  });
  bytes.set(new TextEncoder().encode(await digestOf(bytes)), positionOf(bytes, NO_DIGEST));
  return bytes;
}

/**
 * The state that `encodeState` was given.
 *
 * @param source what to call the bytes in errors, such as a path
 * @throws {WeftError} where they are no checkpoint, one of another version, damaged, or nothing to continue from
 */
export async function decodeState(
  bytes: Uint8Array<ArrayBuffer>,
  source = "the state",
): Promise<TrainingState> {
  const { tensors, metadata } = decodeSafetensors(bytes, source);
  const refuse = (reason: string): never => {
    throw new WeftError(`Cannot resume from ${source}: ${reason}`);
  };
  if (metadata.get("format") !== FORMAT) refuse("it is no checkpoint of Weft");
  const version = metadata.get("formatVersion");
  if (version !== VERSION) {
    refuse(
      `its format has version ${version}, and this Weft reads version ${VERSION}; use the other`,
    );
  }
  const expected = metadata.get("sha256") ?? "";
  const at = positionOf(bytes, expected);
  const blank = bytes.slice();
  if (at >= 0) blank.set(new TextEncoder().encode(NO_DIGEST), at);
  const actual = await digestOf(blank);
  if (actual !== expected) {
    refuse(`it is damaged: its SHA-256 is ${actual}, and it says ${expected || "nothing"}`);
  }
  try {
    const { identity, progress } = JSON.parse(metadata.get("state") ?? "{}");
    const named = new Map([...tensors].map(([name, { data }]) => [name, data]));
    return checkedState({ identity, progress, tensors: named });
  } catch (error) {
    return refuse(messageOf(error));
  }
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Where the digest stands: near the beginning, because metadata comes first; negative where it does not. */
function positionOf(bytes: Uint8Array, digest: string): number {
  const before = '"sha256":"';
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, BEGINNING));
  const at = text.indexOf(`${before}${digest}"`);
  return at < 0 ? at : at + before.length;
}
