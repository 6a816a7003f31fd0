// Looks up adversaries (combinations included) and properties by name, with an error for unknown names.

import * as adversaries from "../../adversaries/index.js";
import { UserError } from "../model/errors.js";
import { didYouMean } from "../protocol/did-you-mean.js";
import type { Adversary, Json, Property } from "../protocol/index.js";
import type { Entry } from "./entry.js";
/**
 * The adversary with this name, or the one that is made of others: `a+b` does what either does, `a@2` is
 * correct below view 2, and `a@until-gst` from the last view on; `@` binds more tightly than `+`.
 *
 * ```ts
 * adversaryNamed("silent@1+lying-voter", pbftAdversaries).name // => "silent@1+lying-voter"
 * ```
 * @throws {UserError} `bad-option` for names that there are not, and for combinations that make no sense.
 */
export function adversaryNamed(name: string, among: readonly Adversary<Json>[]): Adversary<Json> {
  if (among.some((candidate) => candidate.name === name)) return pick("adversary", name, among);
  return name
    .split("+")
    .map((part) => limited(part, among))
    .reduce(adversaries.together);
}

function limited(part: string, among: readonly Adversary<Json>[]): Adversary<Json> {
  const [name = "", limit, ...more] = part.split("@");
  const adversary = pick("adversary", name, among);
  if (limit === undefined) return adversary;
  if (more.length > 0 || !/^(\d+|until-gst)$/.test(limit))
    throw new UserError(
      "bad-option",
      `After the @ of ${part} stands the view from which on it begins, as in ${name}@2, or until-gst.`,
    );
  const refusal = adversaries.limitRefusal(adversary);
  if (refusal !== null) throw new UserError("bad-option", refusal);
  return limit === "until-gst"
    ? adversaries.untilGst(adversary)
    : adversaries.fromView(adversary, Number(limit));
}

/** How adversaries are combined, for lists. */
export const combinations: readonly { readonly name: string; readonly summary: string }[] = [
  { name: "A+B", summary: "A and B at once: every Byzantine replica does what either does" },
  { name: "A@V", summary: "a correct replica in views below V, A from view V on" },
  { name: "A@until-gst", summary: "A until the last view begins, and a correct replica besides and then" },
];

/**
 * The property of a protocol with this name.
 *
 * @throws {UserError} `bad-option` for a name that there is not, and for a property that could never be
 * violated here.
 */
export function propertyNamed(name: string, { name: of, protocol, properties: among }: Entry): Property {
  const property = pick("property", name, among);
  if (property.configures?.showsSkipped && !protocol.nullRequests)
    throw new UserError("bad-option", `${name} is about null requests, and ${of} says of none.`);
  return property;
}

/** Finds by name. @throws {UserError} that lists what there is. */
export function pick<T extends { readonly name: string }>(
  what: string,
  name: string,
  among: readonly T[],
): T {
  const found = among.find((candidate) => candidate.name === name);
  if (found) return found;
  const names = among.map((candidate) => candidate.name).join(", ");
  const near = didYouMean(
    name,
    among.map((candidate) => candidate.name),
  );
  throw new UserError(
    "bad-option",
    `There is no ${what} named "${name}". ${near}There are: ${names || "none"}.`,
  );
}
