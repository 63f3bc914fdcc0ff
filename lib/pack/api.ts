/**
 * The public API as one text: every symbol of each entry point as TypeScript declares it, without comments, by name. What users
 * can see changes where this text does.
 */

import type TypeScript from "typescript";
import { declarationOf } from "./declarations.ts";
import type { Entry } from "./entries.ts";

/** Of declarations that nobody has on disk. */
const FOLDER = "/weft/";

/** @param declared declarations by path, as `declarations` gives them */
export function apiText(
  ts: typeof TypeScript,
  declared: ReadonlyMap<string, string>,
  entries: readonly Entry[],
): string {
  const program = programOf(ts, declared, entries);
  const checker = program.getTypeChecker();
  const printer = ts.createPrinter({ removeComments: true });
  const sections = entries.map(({ name, source }) => {
    const file = program.getSourceFile(`${FOLDER}types/${declarationOf(source)}`)!;
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
    const texts = symbols.sort((a, b) => a.name < b.name ? -1 : 1).map((symbol) => {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
      const { declarations = [] } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
      return declarations.map((node) => {
        // Of a variable its whole statement.
        const whole = ts.isVariableDeclaration(node) ? node.parent.parent : node;
        return printer.printNode(ts.EmitHint.Unspecified, whole, node.getSourceFile());
      }).join("\n");
    });
    return `// ${name}\n\n${texts.join("\n\n")}\n`;
  });
  return sections.join("\n");
}

function programOf(
  ts: typeof TypeScript,
  declared: ReadonlyMap<string, string>,
  entries: readonly Entry[],
): TypeScript.Program {
  const options: TypeScript.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noLib: true, // Names are enough.
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const textOf = (path: string) =>
    path.startsWith(FOLDER) ? declared.get(path.slice(FOLDER.length)) : undefined;
  host.fileExists = (path) => textOf(path) !== undefined;
  host.readFile = textOf;
  host.directoryExists = (path) => path.startsWith(FOLDER);
  host.getSourceFile = (path, version) => {
    const text = textOf(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, version, true);
  };
  const roots = entries.map(({ source }) => `${FOLDER}types/${declarationOf(source)}`);
  return ts.createProgram(roots, options, host);
}
