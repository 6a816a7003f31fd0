// State projections: what properties see of local states (`Property.looks`). A step that changes what is seen
// shows that as an event would be shown, so every reduction takes it for a visible step.

import type { Json, NodeId, Property, Role } from "../protocol/index.js";
import { calling, UserError } from "./errors.js";
import { nestingProblem, textOf } from "./json-problem.js";
import { isPlainJson } from "./plain-json.js";

/** What the property with this index sees of a node from now on. It stands among the events of a step. */
export interface Sight {
  readonly look: number;
  readonly view: Json;
}

/** Whose state it is. */
export interface SeenNode {
  readonly id: NodeId;
  readonly role: Role;
}

/** What each of the properties that look at a state sees, as JSON; undefined: nothing. */
export type Views = readonly (string | undefined)[];

/** What properties see of states. */
export class Looks {
  readonly #looking: readonly { readonly index: number; readonly property: Property }[];

  constructor(properties: readonly Property[]) {
    this.#looking = properties.flatMap((property, index) => (property.looks ? [{ index, property }] : []));
  }

  /** Whether no property looks at states. */
  get areNone(): boolean {
    return this.#looking.length === 0;
  }

  /**
   * What is seen of a state.
   *
   * @throws {UserError} `property-threw` if a property throws, or does not give plain JSON.
   */
  views(node: SeenNode, state: Json): Views {
    return this.#looking.map(({ property: { name, looks } }) => {
      const view: unknown = calling(
        "property-threw",
        `looks() of the property ${name}`,
        () => looks!(state, node),
        name,
      );
      if (view === undefined) return undefined;
      if (nestingProblem(view as Json) === null && isPlainJson(view as Json)) return JSON.stringify(view);
      throw new UserError(
        "property-threw",
        `looks() of the property ${name} must give plain JSON; it gave ${textOf(view)}.`,
        { property: name },
      );
    });
  }

  /** Whether each of them sees something else after a step. */
  allChange(before: Views | null, after: Views): boolean {
    for (let at = 0; at < after.length; at++)
      if (after[at] === undefined || after[at] === before?.[at]) return false;
    return true;
  }

  /** What is seen after a step that was not seen before it; `before` is null at a start. */
  changes(before: Views | null, after: Views): readonly Sight[] {
    return this.#looking.flatMap(({ index }, at) => {
      const view = after[at];
      return view === undefined || view === before?.[at]
        ? []
        : [{ look: index, view: JSON.parse(view) as Json }];
    });
  }
}
