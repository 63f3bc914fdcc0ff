/** Gives the user a file that was made in the page. */

/** Characters that some file system does not take; names of runs come from strangers. */
// deno-lint-ignore no-control-regex -- control characters are what it is about
const UNFIT = /[\u0000-\u001f\u007f<>:"/\\|?*]+/g;

/** @param name The file's name; what a file system may not take becomes `_`. */
export function download(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(UNFIT, "_").slice(0, 150);
  link.click();
  // The browser has taken the content by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
