// Filters: which steps are shown, by node, message type, view, slot and text.

import type { Story, StoryStep } from "../story.js";

/** What is looked for; an empty text lets everything through. */
export interface Filter {
  readonly text: string;
  readonly node: string;
  readonly type: string;
  readonly view: string;
  readonly slot: string;
}

export const noFilter: Filter = { text: "", node: "", type: "", view: "", slot: "" };

/** Whether a filter leaves anything out. */
export function isFiltering(filter: Filter): boolean {
  return Object.values(filter).some((value) => value !== "");
}

/** Whether a step is among those that are looked for. */
export function passes(step: StoryStep, { text, node, type, view, slot }: Filter): boolean {
  if (node !== "" && step.at !== node && step.from !== node) return false;
  if (type !== "" && typeOf(step) !== type) return false;
  if (view !== "" && String(step.message?.view ?? step.view) !== view) return false;
  if (slot !== "" && String(step.message?.slot) !== slot) return false;
  return text === "" || contentOf(step).includes(text.toLowerCase());
}

/** What kind of step it is, for the list of types. */
export function typeOf({ message, kind, timer }: StoryStep): string {
  return message?.type ?? (kind === "timer" ? `timer ${timer}` : kind);
}

const contents = new WeakMap<StoryStep, string>();

/** Everything that can be searched in a step. */
function contentOf(step: StoryStep): string {
  const known = contents.get(step);
  if (known !== undefined) return known;
  const { line, events, changes, message } = step;
  const text = [line, ...events, ...changes, message ? JSON.stringify(message.content) : ""]
    .join("\n")
    .toLowerCase();
  contents.set(step, text);
  return text;
}

interface FilterBarProps {
  readonly steps: readonly StoryStep[];
  readonly nodes: readonly string[];
  readonly words: Story["words"];
  readonly filter: Filter;
  readonly shown: number;
  readonly onChange: (filter: Filter) => void;
}

/** The row of fields. */
export function FilterBar({ steps, nodes, words, filter, shown, onChange }: FilterBarProps) {
  const distinct = (values: readonly (string | number | null | undefined)[]) =>
    [
      ...new Set(values.flatMap((value) => (value === null || value === undefined ? [] : String(value)))),
    ].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  const choices: readonly (readonly ["node" | "type" | "view" | "slot", readonly string[]])[] = [
    ["node", nodes],
    ["type", distinct(steps.map(typeOf))],
    ["view", distinct(steps.map(({ message, view }) => message?.view ?? view))],
    ["slot", distinct(steps.map(({ message }) => message?.slot))],
  ];
  const called = (name: "node" | "type" | "view" | "slot") =>
    name === "view" || name === "slot" ? words[name] : name;
  return (
    <search class="filters">
      <input
        type="search"
        class="search"
        placeholder="Search (/)"
        aria-label="Search in the contents of steps"
        value={filter.text}
        onInput={(event) => onChange({ ...filter, text: event.currentTarget.value })}
      />
      {choices.map(([name, values]) =>
        values.length < 2 && filter[name] === "" ? null : (
          <select
            key={name}
            aria-label={`Only this ${called(name)}`}
            value={filter[name]}
            onChange={(event) => onChange({ ...filter, [name]: event.currentTarget.value })}
          >
            <option value="">{called(name)}: all</option>
            {values.map((value) => (
              <option key={value} value={value}>
                {called(name)}: {value}
              </option>
            ))}
          </select>
        ),
      )}
      {isFiltering(filter) && (
        <button type="button" onClick={() => onChange(noFilter)}>
          {shown} of {steps.length} · show all
        </button>
      )}
    </search>
  );
}
