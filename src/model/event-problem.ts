// Checks that the events of a protocol are well-formed. Properties see only events: two events without a
// request would be equal, and agreement would hold for the wrong reason.

import { textOf } from "./json-problem.js";

const shapes: { readonly [kind: string]: { readonly [field: string]: (value: unknown) => boolean } } = {
  executed: {
    ...{ slot: isWhole, position: isWhole, index: isWholeOrAbsent },
    ...{ request: isText, result: isThere, own: isTrueOrAbsent },
  },
  invoked: { request: isText },
  accepted: { request: isText },
  custom: { name: isText, data: isThere },
};

const wanted = new Map<(value: unknown) => boolean, string>([
  [isWhole, "a whole number"],
  [isWholeOrAbsent, "a whole number, or left out"],
  [isText, "a string"],
  [isThere, "a value (null will do)"],
  [isTrueOrAbsent, "true, or left out"],
]);

/** What is wrong with an event, or null. */
export function eventProblem(event: unknown): string | null {
  if (typeof event !== "object" || event === null) return `an event that is no object: ${textOf(event)}`;
  const { kind } = event as { readonly kind?: unknown };
  const shape = typeof kind === "string" && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
  if (!shape)
    return `an event of unknown kind: ${textOf(event)}; there are ${Object.keys(shapes).join(", ")}`;
  for (const [field, accepts] of Object.entries(shape))
    if (!accepts((event as Record<string, unknown>)[field]))
      return `an event whose ${field} is not ${wanted.get(accepts)}: ${textOf(event)}`;
  return null;
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value);
}

function isWholeOrAbsent(value: unknown): boolean {
  return value === undefined || isWhole(value);
}

function isTrueOrAbsent(value: unknown): boolean {
  return value === undefined || value === true;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isThere(value: unknown): boolean {
  return value !== undefined;
}
