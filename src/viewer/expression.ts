// Small expressions over the states of nodes: `r1.view`, `r*.log[0].prepared`, `count(r2.votes) >= 3`, `r1.view = 1 and not r2.down`.
// Watches on the page and questions to the checker ("the shortest way to a state where ...") are written in them.
//
//   or    := and ("or" and)*          and := not ("and" not)*        not := "not" not | comparison
//   comparison := value (("=" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "contains") value)?
//   value := number | "text" | true | false | null | "count(" path ")" | "(" or ")" | path
//   path  := name ("." name | "[" index or * or "name" "]" | "..name")*       a name may contain *, as in r*
//
// A path with a `*` or `..` gives the list of all that it finds; a comparison with such a list holds if it holds for one of them.

import type { Json } from "../protocol/schema.js";

/** What names stand for: usually nodes. */
export type Scope = { readonly [name: string]: Json };

/** An expression that was read. Undefined: there is no such thing in this state. */
export type Expression = (scope: Scope) => Json | undefined;

/** A mistake in an expression, in words. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

type Token = {
  readonly kind: "name" | "number" | "text" | "sign" | "end";
  readonly text: string;
  readonly at: number;
};

/** Reads an expression. @throws {ExpressionError} that says where it cannot be read. */
export function parseExpression(text: string): Expression {
  return new Parser(tokensOf(text)).whole();
}

/** Whether a value counts as true: not `false`, `null`, 0, the empty text, the empty list, or nothing at all. */
export function isTrue(value: Json | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function tokensOf(text: string): Token[] {
  const pattern =
    /\s*(?:(-?\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|'([^']*)'|([\p{L}_$*][\p{L}\p{N}_$*+-]*)|(\.\.|[!<>=]=|[.[\]()<>=]))/uy;
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== "") {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw new ExpressionError(`"${text.slice(at).trim()}" cannot be read.`);
    const [, number, double, single, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, at });
    else tokens.push({ kind: "text", text: double?.replaceAll(/\\(.)/g, "$1") ?? single ?? "", at });
    at = pattern.lastIndex;
  }
  return [...tokens, { kind: "end", text: "the end", at }];
}

const comparisons = ["=", "==", "!=", "<", "<=", ">", ">=", "contains"];

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    const expression = this.#or();
    if (this.#peek().kind !== "end")
      throw new ExpressionError(`"${this.#peek().text}" was not expected there.`);
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #take(...texts: string[]): boolean {
    const { kind, text } = this.#peek();
    if (kind === "text" || kind === "end" || !texts.includes(text)) return false;
    this.#next++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new ExpressionError(`"${text}" is missing before ${this.#peek().text}.`);
  }

  #or(): Expression {
    if (++this.#depth > 100) throw new ExpressionError("It is nested too deeply.");
    let left = this.#and();
    while (this.#take("or")) {
      const [first, second] = [left, this.#and()];
      left = (scope) => isTrue(first(scope)) || isTrue(second(scope));
    }
    this.#depth--;
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take("and")) {
      const [first, second] = [left, this.#not()];
      left = (scope) => isTrue(first(scope)) && isTrue(second(scope));
    }
    return left;
  }

  #not(): Expression {
    let negations = 0;
    while (this.#take("not")) negations++;
    const inner = this.#comparison();
    return negations === 0 ? inner : (scope) => isTrue(inner(scope)) === (negations % 2 === 0);
  }

  #comparison(): Expression {
    const left = this.#value();
    const { text, kind } = this.#peek();
    if (kind === "text" || kind === "end" || !comparisons.includes(text)) return left.read;
    this.#next++;
    const right = this.#value();
    return (scope) => {
      const [a, b] = [left.read(scope), right.read(scope)];
      if (a === undefined || b === undefined) return false;
      return left.isMany && Array.isArray(a) ? a.some((one) => holds(one, text, b)) : holds(a, text, b);
    };
  }

  #value(): { readonly read: Expression; readonly isMany: boolean } {
    const one = (read: Expression) => ({ read, isMany: false });
    const { kind, text } = this.#peek();
    if (this.#take("(")) {
      const inner = this.#or();
      this.#expect(")");
      return one(inner);
    }
    if (kind !== "number" && kind !== "text" && kind !== "name")
      throw new ExpressionError(`A value is missing before ${text}.`);
    this.#next++;
    if (kind === "number") return one(() => Number(text));
    if (kind === "text") return one(() => text);
    if (text === "true" || text === "false") return one(() => text === "true");
    if (text === "null") return one(() => null);
    if (text === "count" && this.#take("(")) {
      const { read } = this.#value();
      this.#expect(")");
      return one((scope) => sizeOf(read(scope)));
    }
    return this.#path(text);
  }

  #path(first: string): { readonly read: Expression; readonly isMany: boolean } {
    const steps: ((value: Json) => Json[])[] = [];
    let isMany = first.includes("*");
    for (;;) {
      if (this.#take("..")) {
        const { text } = this.#name();
        steps.push((value) => deep(value, text));
        isMany = true;
      } else if (this.#take(".")) {
        const { text } = this.#name();
        isMany ||= text.includes("*");
        steps.push((value) => field(value, text));
      } else if (this.#take("[")) {
        const { kind, text } = this.#peek();
        if (kind !== "number" && kind !== "text" && text !== "*")
          throw new ExpressionError(`An index, a "name" or * is missing before ${text}.`);
        this.#next++;
        this.#expect("]");
        isMany ||= kind === "name";
        steps.push((value) => (kind === "name" ? itemsOf(value) : field(value, text, true)));
      } else break;
    }
    const read: Expression = (scope) => {
      const found = steps.reduce<Json[]>((values, step) => values.flatMap(step), field(scope, first));
      return isMany ? found : found[0];
    };
    return { read, isMany };
  }

  #name(): Token {
    const token = this.#peek();
    if (token.kind !== "name") throw new ExpressionError(`A name is missing before ${token.text}.`);
    this.#next++;
    return token;
  }
}

function itemsOf(value: Json): Json[] {
  return typeof value === "object" && value !== null ? (Object.values(value) as Json[]) : [];
}

/** The field, or all whose names match a pattern with `*`. `length` of a list is how many it has. */
function field(value: Json, name: string, isExact = false): Json[] {
  if (typeof value !== "object" || value === null) return [];
  if (!isExact && name.includes("*")) {
    const pattern = new RegExp(
      `^${name
        .split("*")
        .map((part) => part.replaceAll(/[$+\-.]/g, "\\$&"))
        .join(".*")}$`,
      "u",
    );
    return Object.entries(value).flatMap(([key, item]) => (pattern.test(key) ? [item as Json] : []));
  }
  if (Array.isArray(value) && name === "length") return [value.length];
  return Object.hasOwn(value, name) ? [(value as { readonly [key: string]: Json })[name]!] : [];
}

function deep(value: Json, name: string): Json[] {
  return [...field(value, name), ...itemsOf(value).flatMap((item) => deep(item, name))];
}

function sizeOf(value: Json | undefined): number {
  if (value === undefined || value === null) return 0;
  return typeof value === "object" ? Object.keys(value).length : 1;
}

function holds(a: Json, comparison: string, b: Json): boolean {
  switch (comparison) {
    case "=":
    case "==":
      return isSame(a, b);
    case "!=":
      return !isSame(a, b);
    case "contains":
      return Array.isArray(a) ? a.some((item) => isSame(item as Json, b)) : textOf(a).includes(textOf(b));
    default: {
      if (typeof a !== typeof b || (typeof a !== "number" && typeof a !== "string")) return false;
      const [left, right] = [a, b as typeof a];
      if (comparison === "<") return left < right;
      if (comparison === "<=") return left <= right;
      return comparison === ">" ? left > right : left >= right;
    }
  }
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
