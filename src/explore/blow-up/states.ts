// The local states of a node as they are explained. Those of a class are the text of a snapshot: one field, of which nothing could be said. They are
// taken apart.

import type { NodeTable } from "../../model/node-table.js";
import type { Json } from "../../protocol/index.js";
import { isRecord, type Place, placesIn } from "./places.js";

/** Whether the node's states are texts that have parts. */
function isText({ spec: { behaviour } }: NodeTable): boolean {
  return behaviour.parts !== undefined;
}

/** The states, one after the other. Of a class: what people are shown of it, which is what its snapshot has, and its view. */
export function* statesOf(table: NodeTable): Iterable<Json> {
  for (let local = 0; local < table.localCount; local++)
    yield isText(table) ? shownParts(table, local) : table.localIdentity(local);
}

function shownParts(table: NodeTable, local: number): Json {
  const { behaviour } = table.spec;
  const state = table.localState(local);
  const parts = behaviour.parts!(state);
  const shown = behaviour.show?.(state) ?? null;
  return isRecord(shown) && isRecord(parts) ? { ...shown, view: parts.view ?? null } : parts;
}

/** The fields of states that are told of: the outermost ones; of a class, whose few roots are objects, those inside as well. */
export function fieldsOf(table: NodeTable, states: readonly Json[]): readonly Place[] {
  if (!states.every(isRecord)) return [];
  if (isText(table)) return placesIn(states);
  return [...new Set(states.flatMap((state) => Object.keys(state)))].map((name) => [name]);
}

/** The text of a place. */
export const nameOf = (place: Place): string => place.join(".");
