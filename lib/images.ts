/**
 * Images from files, an entry point of its own because it needs packages (jSquash's decoders of JPEG and WebP).
 *
 * @example
 * ```ts
 * import { imageFolder } from "./images.ts";
 * import { train } from "./mod.ts";
 *
 * async function trainOn(files: Iterable<{ path: string; bytes(): Promise<Uint8Array> }>) {
 *   const { train: images, test, classNames } = await imageFolder(files, { size: { height: 32, width: 32 } });
 *   for await (const event of train({ train: images, test, classNames, preset: "small" })) console.log(event);
 * }
 * ```
 *
 * @module
 */
export type { DecodedImage } from "./image/decoded_image.ts";
export { decodeImage, type DecodeOptions } from "./images/decode.ts";
export type { ImageFolderOptions, ImageProgress, ImageSize } from "./images/decode_files.ts";
export { imageFolder } from "./images/folder.ts";
export type { ImageFolder, ImagePart } from "./images/folder_parts.ts";
export type { ImageFile } from "./images/image_file.ts";
