// The list of enabled actions for the page: grouped by node, adversary and network, each action with its effect in words before it is taken.

import type { Action } from "../model/action.js";
import { changeTexts, eventText } from "../render/step-words.js";
import type { NextAction, NextGroup } from "../viewer/next-action.js";
import { actionKey } from "./action-key.js";
import { enabledIn } from "./enabled.js";
import type { Place, Session } from "./session.js";

/** How many of each group are described. */
const shownOfGroup = 24;

/** `query`: only actions in whose words it stands. */
export function nextActions(session: Session, place: Place, query = ""): NextGroup[] {
  const groups = new Map<string, { name: string; actions: NextAction[]; more: number }>();
  for (const id of [...session.system.nodes.map(({ spec }) => spec.id), adversaryGroup, networkGroup])
    groups.set(id, { name: id, actions: [], more: 0 });
  const { observations } = session.system;
  const isViolated = observations.violated(place.vector.at(-1)!) >= 0;
  for (const { action, next, others } of enabledIn(session.system, place.vector)) {
    const line = session.teller.describe.action(action);
    if (query !== "" && !line.toLowerCase().includes(query.toLowerCase())) continue;
    const group = groups.get(groupOf(action))!;
    const violated = isViolated ? -1 : observations.violated(next.at(-1)!);
    // What breaks a property is always shown.
    if (group.actions.length >= shownOfGroup && violated < 0) {
      group.more++;
      continue;
    }
    const change = session.preview(place, action, next);
    group.actions.push({
      key: actionKey(action),
      line,
      effects: [
        ...change.events.map((event) => eventText(change.node, event, session.teller.describe)),
        ...changeTexts(change, session.teller.describe),
      ],
      breaks: violated < 0 ? null : observations.explain(next.at(-1)!, violated),
      others,
    });
  }
  return [...groups.values()].filter(({ actions, more }) => actions.length + more > 0);
}

const adversaryGroup = "the adversary";
const networkGroup = "the network";

/** A `switch`, since the type of actions is too deep for `match`; a new kind does not compile until it is handled. */
function groupOf(action: Action): string {
  switch (action.kind) {
    case "inject":
    case "relay":
      return adversaryGroup;
    case "lose":
    case "duplicate":
    case "cut":
    case "heal":
      return networkGroup;
    case "deliver":
      return action.to;
    case "timer":
    case "crash":
    case "restart":
      return action.node;
  }
}
