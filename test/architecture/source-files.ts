import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../src/config/package-root.js';

/** One import of one file. */
export interface Import {
  /** As it is written. */
  readonly written: string;
  /** The file below `src/`, e.g. `person/national-id.ts`; undefined for a package or a module of Node. */
  readonly file: string | undefined;
  /** Whether it is gone when the program runs. */
  readonly typeOnly: boolean;
}

/** One file below `src/`. */
export interface SourceFile {
  /** Below `src/`, with forward slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Members of `process` that it reads: `process.env` gives `env`. `*` stands for any. */
  readonly processMembers: readonly string[];
}

/** Every file below `src/`. */
export function sourceFiles(): readonly SourceFile[] {
  const root = join(packageRoot(), 'src');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => readSource(name.replaceAll('\\', '/'), readFileSync(join(root, name), 'utf8')))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Reads imports out of a file's text, however they are written: static, dynamic, re-exported, in a type. */
export function readSource(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const processMembers: string[] = [];
  const add = (specifier: ts.Node | undefined, typeOnly: boolean): void => {
    if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return;
    imports.push({ written: specifier.text, file: fileOf(path, specifier.text), typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && isLoading(node.expression)) add(node.arguments[0], false);
    processMembers.push(...processMemberIn(node));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return { path, imports, processMembers };
}

function fileOf(importer: string, written: string): string | undefined {
  if (!written.startsWith('.')) return undefined;
  return posix.join(posix.dirname(importer), written).replace(/\.js$/, '.ts');
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = clause;
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

function isLoading(expression: ts.Expression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === 'require')
  );
}

/** `process` is the global one wherever it stands alone; who imports it from node:process is found by the import. */
function processMemberIn(node: ts.Node): readonly string[] {
  if (!ts.isIdentifier(node) || node.text !== 'process') return [];
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node ? [parent.name.text] : [];
  if (ts.isElementAccessExpression(parent) && ts.isStringLiteralLike(parent.argumentExpression)) {
    return [parent.argumentExpression.text];
  }
  return ts.isPropertyAssignment(parent) || ts.isBindingElement(parent) ? [] : ['*'];
}
