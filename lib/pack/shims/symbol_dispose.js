/**
 * Takes the place of `Symbol.dispose` in the package: Safari has none yet. It gets the one that the package's objects have, so
 * that its users find them, too; TypeScript and esbuild look for the same one.
 */
const dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
if (Symbol.dispose === undefined) Object.defineProperty(Symbol, "dispose", { value: dispose });

export { dispose as "Symbol.dispose" };
