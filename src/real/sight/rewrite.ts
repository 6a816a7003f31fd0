// Makes a bundle tell what its functions have captured, and what its generators hold where they pause. Nothing is changed but by insertions
// within a line, so that lines stay what they were:
//
//   () => n                 turncoatCaptures(() => n, ["n"], () => [() => n])
//   function up() { n++; }  turncoatCaptures(up, ["n"], ...); at the begin of the block
//   { up() { n++; } }       turncoatMethods({ up() { n++; } }, [["up", ["n"], ...]])
//   yield x                 yield turncoatPauses(7, ["n"], ..., x)
//
// The functions of these names are in inside/captures.ts. They are told thunks, which are called when a snapshot is made.

import type { Captures } from "./scopes.js";
import { children, isClass, isFunction, isIdentifier, type Syntax } from "./syntax.js";

/** A text to be put in at a place of the code. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** What {@link insertionsFor} needs to know. */
export interface Rewriting {
  readonly captures: Captures;
  /** Whether the code at a place is to be seen; ours is not. */
  isTheirs(at: number): boolean;
  /** What a captured variable is called in snapshots. */
  nameOf(variable: string, at: number): string;
}

/** Of insertions at one place, what belongs to a node before comes first, then statements, then what opens a node. */
type Place = "closes" | "states" | "opens";

/** The insertions, in the order of their places. */
export function insertionsFor(program: Syntax, rewriting: Rewriting): Insertion[] {
  const writer = new Writer(rewriting);
  writer.visit(program, null, null);
  const places: readonly Place[] = ["closes", "states", "opens"];
  // An outer node opens before and closes after one inside that begins or ends at the same place.
  return writer.insertions.sort(
    (a, b) =>
      a.at - b.at ||
      places.indexOf(a.place) - places.indexOf(b.place) ||
      (a.place === "opens"
        ? b.of.end - a.of.end || a.of.start - b.of.start
        : b.of.start - a.of.start || a.of.end - b.of.end),
  );
}

class Writer {
  readonly insertions: (Insertion & { readonly place: Place; readonly of: Syntax })[] = [];
  readonly #rewriting: Rewriting;
  #pauses = 0;

  constructor(rewriting: Rewriting) {
    this.#rewriting = rewriting;
  }

  /** `block`: where declarations of functions below are hoisted to. */
  visit(node: Syntax, parent: Syntax | null, block: Syntax | null): void {
    if (isFunction(node) || isClass(node)) this.#definition(node, parent, block);
    if (node.type === "ObjectExpression") this.#methods(node);
    if (node.type === "YieldExpression") this.#pause(node);
    const isBlock = node.type === "BlockStatement" || node.type === "Program";
    const inner = node.type === "SwitchStatement" ? null : isBlock ? node : block;
    for (const child of children(node)) this.visit(child, node, inner);
  }

  #around(node: Syntax, before: string, after: string, of = node): void {
    this.insertions.push({ at: node.start, text: before, place: "opens", of });
    this.insertions.push({ at: node.end, text: after, place: "closes", of });
  }

  /** `["n"],()=>[()=>n]` */
  #thunks(names: readonly string[], at: number): string {
    const shown = names.map((name) => JSON.stringify(this.#rewriting.nameOf(name, at)));
    return `[${shown.join()}],()=>[${names.map((name) => `()=>${name}`).join()}]`;
  }

  #captured(node: Syntax): readonly string[] {
    const names = this.#rewriting.captures.captured.get(node) ?? [];
    return names.length > 0 && this.#rewriting.isTheirs(node.start) ? names : [];
  }

  #definition(node: Syntax, parent: Syntax | null, block: Syntax | null): void {
    const names = this.#captured(node);
    if (names.length === 0) return;
    const thunks = this.#thunks(names, node.start);
    if (node.type.endsWith("Declaration")) {
      const { name } = node.id as Syntax & { readonly name: string };
      const text = `turncoatCaptures(${name},${thunks});`;
      if (node.type === "ClassDeclaration")
        this.insertions.push({ at: node.end, text: `;${text}`, place: "closes", of: node });
      else if (block) this.insertions.push({ at: startOf(block), text, place: "states", of: node });
      return;
    }
    if (parent?.type === "NewExpression" && parent.callee === node) return;
    const isMethod =
      parent !== null &&
      (parent.type === "MethodDefinition" ||
        (parent.type === "Property" && (parent.method || parent.kind !== "init")));
    if (isMethod) return;
    // A function takes its name from where it stands, which it does no longer: it is told.
    const name = node.id ? null : this.#nameFrom(node, parent);
    this.#around(node, "turncoatCaptures(", `,${thunks}${name === null ? "" : `,${name}`})`);
  }

  /** An expression for the name that the language gives to an anonymous function here, or null. */
  #nameFrom(node: Syntax, parent: Syntax | null): string | null {
    const literal = (named: unknown) => (isIdentifier(named) ? JSON.stringify(named.name) : null);
    switch (parent?.type) {
      case "VariableDeclarator":
        return literal(parent.id);
      case "AssignmentExpression":
      case "AssignmentPattern":
        return parent.right === node ? literal(parent.left) : null;
      case "Property": {
        const key = parent.key as Syntax;
        if (!parent.computed)
          return key.type === "Identifier" ? literal(key) : JSON.stringify(String(key.value));
        this.#around(key, "turncoatKey(", ")");
        return "turncoatKey.last";
      }
      default:
        return null;
    }
  }

  #methods(node: Syntax): void {
    const told = (node.properties as Syntax[]).flatMap(({ type, method, computed, key, value }) => {
      if (type !== "Property" || !method || computed) return [];
      const names = this.#captured(value as Syntax);
      if (names.length === 0) return [];
      const { name, value: text } = key as unknown as { readonly name?: string; readonly value?: unknown };
      return [`[${JSON.stringify(name ?? String(text))},${this.#thunks(names, (value as Syntax).start)}]`];
    });
    if (told.length === 0) return;
    this.#around(node, "turncoatMethods(", `,[${told.join()}])`);
  }

  #pause(node: Syntax): void {
    const names = this.#rewriting.captures.paused.get(node);
    if (!names || !this.#rewriting.isTheirs(node.start)) return;
    const argument = node.argument as Syntax | null;
    const start = `turncoatPauses(${this.#pauses++},${this.#thunks(names, node.start)},`;
    if (argument) this.#around(argument, start, node.delegate ? ",true)" : ")", node);
    else this.insertions.push({ at: node.end, text: ` ${start}undefined)`, place: "closes", of: node });
  }
}

/** The first place in a block where a statement may stand: after `"use strict"`. */
function startOf(block: Syntax): number {
  const statements = block.body as (Syntax & { readonly directive?: string })[];
  const last = statements.findLast(({ directive }) => directive !== undefined);
  return last?.end ?? (block.type === "Program" ? block.start : block.start + 1);
}
