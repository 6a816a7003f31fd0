// The panel with the possible next actions: grouped, each action with its effect before it is taken.

import { useEffect, useRef } from "preact/hooks";
import { counted } from "../../parameters/words.js";
import type { NextGroup } from "../next-action.js";

interface NextPanelProps {
  /** Null: not known yet. */
  readonly groups: readonly NextGroup[] | null;
  /** Whether they are those of the state that is looked at; if not, they are those of the one before. */
  readonly isKnown: boolean;
  readonly query: string;
  /** The index of the action that Enter takes, counted over all groups. */
  readonly active: number;
  readonly onQuery: (query: string) => void;
  readonly onTake: (key: string) => void;
}

export function NextPanel({ groups, isKnown, query, active, onQuery, onTake }: NextPanelProps) {
  const chosen = useRef<HTMLButtonElement>(null);
  useEffect(() => chosen.current?.scrollIntoView({ block: "nearest" }), [active]);
  let number = 0;
  const count = (groups ?? []).reduce((sum, { actions, more }) => sum + actions.length + more, 0);
  return (
    <div aria-busy={!isKnown}>
      <input
        type="search"
        placeholder="Only actions with …"
        aria-label="Only actions with these words"
        value={query}
        onInput={(event) => onQuery(event.currentTarget.value)}
      />{" "}
      <span class="dim" aria-live="polite">
        {groups ? counted(count, "action") : "…"} · 1–9 or [ ] and Enter take one
      </span>
      {groups?.length === 0 && <p>Nothing {query === "" ? "more can happen" : "like that can happen"}.</p>}
      {(groups ?? []).map((group) => (
        <section key={group.name} aria-label={`At ${group.name}`}>
          <div class="group">{group.name}</div>
          {group.actions.map(({ key, line, effects, breaks, others }) => {
            const index = number++;
            return (
              <button
                type="button"
                key={key}
                ref={index === active ? chosen : null}
                class={index === active ? "next active" : "next"}
                onClick={() => isKnown && onTake(key)}
              >
                {index < 9 && <b>{index + 1} </b>}
                {line}
                {effects.map((effect) => (
                  <span class="effect" key={effect}>
                    {effect}
                  </span>
                ))}
                {effects.length === 0 && <span class="effect">only its own state changes</span>}
                {others > 0 && (
                  <span class="effect">{counted(others, "other action")} with the same effect</span>
                )}
                {breaks && <span class="breaks">breaks it: {breaks}</span>}
              </button>
            );
          })}
          {group.more > 0 && <p class="dim">{counted(group.more, "more action")}: narrow them down above.</p>}
        </section>
      ))}
    </div>
  );
}
