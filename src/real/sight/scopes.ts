// Determines which variables a function captures, and which are in scope where a generator pauses, by
// JavaScript's rules of scope.
//
// Variables of modules are left out: all nodes share them, so they cannot be part of one node's state.

import { children, isClass, isFunction, isIdentifier, namesIn, type Syntax } from "./syntax.js";

/** A block, function or module with the names that it binds. */
interface Scope {
  readonly node: Syntax;
  readonly kind: "module" | "function" | "block";
  readonly names: Set<string>;
  readonly parent: Scope | null;
}

/** What there is to see of a function, a class, or a generator that pauses. */
export interface Captures {
  /** Functions and classes with what they capture; `this` and `arguments` included. */
  readonly captured: ReadonlyMap<Syntax, readonly string[]>;
  /** `yield` expressions with everything in scope that belongs to the function or is captured by it. */
  readonly paused: ReadonlyMap<Syntax, readonly string[]>;
  /** The function around each `yield`. */
  readonly generators: ReadonlySet<Syntax>;
}

/** See the file comment. */
export function capturesIn(program: Syntax): Captures {
  const search = new Search();
  search.visit(program, { node: program, kind: "module", names: new Set(), parent: null });
  const paused = new Map<Syntax, string[]>();
  for (const { node, scope, within } of search.pauses) {
    const names = new Set(search.captured.get(within));
    for (let at: Scope | null = scope; at && at.kind !== "module"; at = at.parent) {
      for (const name of at.names) names.add(name);
      if (at.node === within) break;
    }
    if (search.usesThis.has(within)) names.add("this");
    paused.set(node, [...names]);
  }
  const captured = new Map([...search.captured].map(([node, names]) => [node, [...names]]));
  return { captured, paused, generators: new Set(search.pauses.map(({ within }) => within)) };
}

/** What has a scope of its own, but functions and classes. */
const blocks = new Set([
  ...["BlockStatement", "ForStatement", "ForInStatement", "ForOfStatement", "SwitchStatement", "CatchClause"],
]);
const jumps = new Set(["LabeledStatement", "BreakStatement", "ContinueStatement"]);

class Search {
  readonly captured = new Map<Syntax, Set<string>>();
  readonly usesThis = new Set<Syntax>();
  readonly pauses: { readonly node: Syntax; readonly scope: Scope; readonly within: Syntax }[] = [];
  /** Functions and classes around the present place, the innermost last. */
  readonly #around: Syntax[] = [];
  readonly #wrappers = new Set<Syntax>();

  visit(node: Syntax, scope: Scope): void {
    if (isFunction(node)) this.#function(node, scope);
    else if (isClass(node)) this.#class(node, scope);
    else if (blocks.has(node.type)) {
      const inner = inside(node, scope, "block");
      for (const name of namesIn((node.param as Syntax | null | undefined) ?? null)) inner.names.add(name);
      declare(node, inner, false);
      this.#below(node, inner);
    } else this.#expression(node, scope);
  }

  #expression(node: Syntax, scope: Scope): void {
    const { type, computed } = node;
    if (type === "Program") declare(node, scope, true);
    if (type === "CallExpression" && levelOf(scope) === "module") this.#markWrappers(node);
    if (type === "YieldExpression") this.pauses.push({ node, scope, within: this.#innermostFunction() });
    if (type === "Identifier") this.#reference(node.name as string, scope);
    if (type === "ThisExpression" || type === "Super") this.#this("this");
    // Names of properties and labels are no references.
    const skipped = [
      type === "MemberExpression" && !computed ? node.property : null,
      type === "Property" && !computed ? node.key : null,
      jumps.has(type) ? node.label : null,
      type === "MetaProperty" ? node.meta : null,
      type === "MetaProperty" ? node.property : null,
    ];
    for (const child of children(node)) if (!skipped.includes(child)) this.visit(child, scope);
  }

  #below(node: Syntax, scope: Scope): void {
    for (const child of children(node)) this.visit(child, scope);
  }

  #function(node: Syntax, scope: Scope): void {
    const isModule = this.#wrappers.has(node);
    const inner = inside(node, scope, isModule ? "module" : "function");
    for (const pattern of node.params as Syntax[]) for (const name of namesIn(pattern)) inner.names.add(name);
    if (node.type === "FunctionExpression" && isIdentifier(node.id)) inner.names.add(node.id.name);
    const body = node.body as Syntax;
    if (body.type === "BlockStatement") declare(body, inner, true);
    if (!isModule) {
      this.#around.push(node);
      this.captured.set(node, new Set());
    }
    this.#functionBody(node, inner);
    if (!isModule) this.#around.pop();
  }

  #functionBody(node: Syntax, scope: Scope): void {
    for (const pattern of node.params as Syntax[]) this.visit(pattern, scope);
    const body = node.body as Syntax;
    // The body's own block is the function's scope.
    if (body.type === "BlockStatement") this.#below(body, scope);
    else this.visit(body, scope);
  }

  /**
   * Marks wrappers of modules: functions that are called while the bundle is loaded, or handed to a wrapper that is (as in UMD). What they
   * bind are variables of a module.
   */
  #markWrappers(call: Syntax): void {
    const callee = call.callee as Syntax;
    const called = callee.type === "MemberExpression" ? (callee.object as Syntax) : callee;
    if (isFunction(called)) this.#wrappers.add(called);
    else if (!(isIdentifier(called) && /^__(commonJS|esm)/.test(called.name))) return;
    for (const argument of call.arguments as Syntax[]) {
      if (isFunction(argument)) this.#wrappers.add(argument);
      if (argument.type !== "ObjectExpression") continue;
      for (const { value } of argument.properties as { readonly value?: Syntax }[])
        if (value && isFunction(value)) this.#wrappers.add(value);
    }
  }

  #class(node: Syntax, scope: Scope): void {
    const inner = inside(node, scope, "block");
    if (isIdentifier(node.id)) inner.names.add(node.id.name);
    this.#around.push(node);
    this.captured.set(node, new Set());
    if (node.superClass) this.visit(node.superClass as Syntax, scope);
    for (const member of (node.body as Syntax).body as Syntax[]) {
      if (member.computed) this.visit(member.key as Syntax, inner);
      if (member.value) this.visit(member.value as Syntax, inner);
      if (member.type === "StaticBlock") this.#below(member, inner);
    }
    this.#around.pop();
  }

  #reference(name: string, scope: Scope): void {
    if (name === "arguments") this.#this("arguments");
    let found: Scope | null = scope;
    while (found && !found.names.has(name)) found = found.parent;
    if (found === null || levelOf(found) === "module") return;
    // Whatever is between the reference and the scope captures it.
    for (let index = this.#around.length - 1; index >= 0; index--) {
      const one = this.#around[index]!;
      if (encloses(one, found.node)) return;
      this.captured.get(one)!.add(name);
    }
  }

  /** `this` (or `arguments`) belongs to the innermost function that is no arrow; arrows capture it. */
  #this(name: "this" | "arguments"): void {
    for (let index = this.#around.length - 1; index >= 0; index--) {
      const one = this.#around[index]!;
      if (one.type !== "ArrowFunctionExpression") {
        if (isFunction(one) && name === "this") this.usesThis.add(one);
        return;
      }
      this.captured.get(one)!.add(name);
    }
  }

  #innermostFunction(): Syntax {
    return this.#around.findLast((one) => isFunction(one))!;
  }
}

function inside(node: Syntax, parent: Scope, kind: Scope["kind"]): Scope {
  return { node, kind, names: new Set(), parent };
}

/** Blocks of a module belong to the module. */
function levelOf(scope: Scope): "module" | "function" {
  let at: Scope | null = scope;
  while (at?.kind === "block") at = at.parent;
  return at === null || at.kind === "module" ? "module" : "function";
}

/** Whether the node of a scope is `outer` itself or inside of it. */
function encloses(outer: Syntax, inner: Syntax): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Enters what is declared in a block, without the blocks inside; `isFunction`: with every `var` inside, too. */
function declare(block: Syntax, scope: Scope, ofFunction: boolean): void {
  const lists = [block.body, block.cases, block.init, block.left].flat() as (Syntax | null | undefined)[];
  for (const node of lists) if (node) declaration(node, scope);
  if (ofFunction) for (const child of children(block)) vars(child, scope);
}

function declaration(node: Syntax, scope: Scope): void {
  if (node.type === "SwitchCase") for (const one of node.consequent as Syntax[]) declaration(one, scope);
  if (node.type === "VariableDeclaration" && node.kind !== "var")
    for (const { id } of node.declarations as Syntax[])
      for (const name of namesIn(id as Syntax)) scope.names.add(name);
  if ((node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") && isIdentifier(node.id))
    scope.names.add(node.id.name);
}

function vars(node: Syntax, scope: Scope): void {
  if (isFunction(node) || isClass(node)) return;
  if (node.type === "VariableDeclaration" && node.kind === "var")
    for (const { id } of node.declarations as Syntax[])
      for (const name of namesIn(id as Syntax)) scope.names.add(name);
  for (const child of children(node)) vars(child, scope);
}
