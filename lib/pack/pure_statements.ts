/**
 * Tells bundlers that the package's top-level variables are only worth computing where they are used. Its modules do nothing
 * else when they are loaded ("sideEffects": false), but a bundler that shakes single statements has to believe that a call
 * might do something: `var KERNELS = { gather: kernel(...) }` stays in a page that only reads CSV.
 */

import type TypeScript from "typescript";

/** Marks the initializers of all top-level variables of a module that are more than a literal. */
export function markPure(ts: typeof TypeScript, code: string): string {
  const file = ts.createSourceFile("module.js", code, ts.ScriptTarget.ES2022, false);
  const initializers = file.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ initializer }) => initializer ?? [])
      : []
  );
  let marked = "";
  let end = 0;
  for (const initializer of initializers) {
    if (isPlain(ts, initializer)) continue;
    const [start, next] = [initializer.getStart(file), initializer.getEnd()];
    marked += `${code.slice(end, start)}/* @__PURE__ */ (() => (${code.slice(start, next)}))()`;
    end = next;
  }
  return marked + code.slice(end);
}

/** What every bundler knows to do nothing: literals, functions, and what is marked already. */
function isPlain(ts: typeof TypeScript, expression: TypeScript.Expression): boolean {
  return ts.isLiteralExpression(expression) || ts.isArrowFunction(expression) ||
    ts.isFunctionExpression(expression) || ts.isIdentifier(expression) ||
    ts.isPrefixUnaryExpression(expression);
}
