// The panel with the adversary's knowledge.

import { useState } from "preact/hooks";
import { counted } from "../../parameters/words.js";
import type { PanelProps } from "./panel.js";

/** What the adversary can show of others' statements. */
export function AdversaryPanel({ timeline, moment }: PanelProps) {
  const [text, setText] = useState("");
  const all = timeline.known(moment);
  const shown = all.filter(({ text: said }) => said.toLowerCase().includes(text.toLowerCase())).reverse();
  const byzantine = timeline.story.lanes.filter(({ isByzantine }) => isByzantine).map(({ node }) => node);
  if (byzantine.length === 0) return <p class="dim">Nobody is Byzantine in this run.</p>;
  return (
    <div>
      <p>
        {byzantine.join(", ")} {byzantine.length === 1 ? "is" : "are"} Byzantine. The adversary can sign in{" "}
        {byzantine.length === 1 ? "that name" : "those names"} only, and show{" "}
        {counted(all.length, "statement")} that others have signed
        {all.length === 0 ? " (or it never asks for any)" : ""}:
      </p>
      {all.length > 8 && (
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter statements"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      <ul class="plain">
        {shown.slice(0, 300).map(({ text: said, since }) => (
          <li key={said} class={since === moment && moment > 0 ? "new" : ""}>
            {since === moment && moment > 0 && <span class="chip new">new</span>} {said}
          </li>
        ))}
      </ul>
    </div>
  );
}
