// The keys, and what the signs of the diagram mean.

import type { Tab } from "./viewer.js";

/** A key, and what it does. */
export type Key = readonly [string, string];

const keys: readonly Key[] = [
  ["↓ ↑ or j k", "one step forward, one back"],
  ["Page Down, Page Up", "ten steps"],
  ["Home, End", "the start, the end"],
  ["g", "go to a step by its number"],
  ["+ −", "larger, smaller"],
  ["/", "search; Escape leaves the field"],
  ["w", "watch an expression"],
  ["u", "hide or show messages that never arrived"],
  ["t", "a time axis, where the run knows time"],
];

const signs: readonly Key[] = [
  ["⟶", "a message from where it was sent to where it arrived"],
  ["⇢ red, dashed", "a message that a Byzantine node made or passed on"],
  ["short stub", "messages that never arrived, as far as this run goes"],
  ["◆", "a request is executed"],
  ["⧗", "a timer fires"],
  ["✕", "a crash, or a message that is lost"],
  ["coloured band", "the view that a node is in"],
  ["blue, green", "what had to happen before the chosen step, and what follows from it"],
];

interface HelpProps {
  readonly tabs: readonly Tab[];
  readonly moreKeys: readonly Key[];
  readonly onClose: () => void;
}

export function Help({ tabs, moreKeys, onClose }: HelpProps) {
  return (
    <div class="help" role="dialog" aria-label="Keys and signs">
      <button type="button" onClick={onClose}>
        close
      </button>
      <dl>
        {[...moreKeys, ...keys, ...tabs.map(({ key, name }) => [key, name] as const), ...signs].map(
          ([key, what]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{what}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
}
