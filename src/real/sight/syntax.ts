// Syntax trees of bundles (ESTree, from acorn), and the few questions that sight asks of them.

import { parse } from "acorn";

/** A node of any type. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** The tree of a script. */
export function parsed(code: string): Syntax {
  return parse(code, { ecmaVersion: "latest", sourceType: "script" }) as unknown as Syntax;
}

function isSyntax(value: unknown): value is Syntax {
  return typeof value === "object" && value !== null && typeof (value as Syntax).type === "string";
}

/** The nodes right below one, in the order of the source. */
export function children(node: Syntax): Syntax[] {
  const found: Syntax[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) found.push(...value.filter(isSyntax));
    else if (isSyntax(value)) found.push(value);
  }
  return found;
}

export function isFunction({ type }: Syntax): boolean {
  return (
    type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression"
  );
}

export function isClass({ type }: Syntax): boolean {
  return type === "ClassDeclaration" || type === "ClassExpression";
}

export function isIdentifier(node: unknown): node is Syntax & { readonly name: string } {
  return isSyntax(node) && node.type === "Identifier";
}

/** The names that a pattern binds: `{ a, b: [c] }` binds a and c. */
export function namesIn(pattern: Syntax | null): string[] {
  if (pattern === null) return [];
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name as string];
    case "AssignmentPattern":
      return namesIn(pattern.left as Syntax);
    case "RestElement":
      return namesIn(pattern.argument as Syntax);
    case "Property":
      return namesIn(pattern.value as Syntax);
    case "ArrayPattern":
      return (pattern.elements as (Syntax | null)[]).flatMap(namesIn);
    case "ObjectPattern":
      return (pattern.properties as Syntax[]).flatMap(namesIn);
    default:
      return [];
  }
}
