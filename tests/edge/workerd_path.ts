/**
 * Prints where workerd's program is, in Deno's cache, where it comes to be. Run by workerd.ts with a lock file of its own:
 * Deno fetches all packages that a lock file names when it first needs one, and this one has 46 MB.
 */
// deno-lint-ignore no-import-prefix -- see above
import workerd from "npm:workerd@1.20261117.1";

// A CommonJS module whose own default is the path.
console.log(workerd.default);
