// The panel of branches: those of an exploration, and what can be opened or compared with the one that is shown.

import { useState } from "preact/hooks";
import { counted } from "../../parameters/words.js";
import type { Story } from "../story.js";

/** A run of the exploration, with the numbers of its states. */
export interface Branch {
  readonly name: string;
  readonly ids: readonly number[];
  readonly story: Story;
}

interface BranchPanelProps {
  readonly branches: readonly Branch[];
  readonly current: number;
  readonly moment: number;
  readonly protocol: string;
  readonly problem: string | null;
  readonly onChoose: (index: number) => void;
  readonly onName: (index: number, name: string) => void;
  readonly onFork: () => void;
  readonly onCompare: (other: { readonly protocol: string }) => void;
  readonly onCompareFile: (input: HTMLInputElement) => void;
  readonly onOpenFile: (input: HTMLInputElement) => void;
}

export function BranchPanel(props: BranchPanelProps) {
  const { branches, current, moment, protocol, problem } = props;
  const [other, setOther] = useState(protocol.replace(/^([a-z][\w-]*)\/.*$/, "$1"));
  return (
    <div>
      {problem && <p class="problem">{problem}</p>}
      {branches.map(({ name, ids, story }, index) => (
        <div key={index} class={index === current ? "branch now" : "branch"}>
          <button type="button" aria-current={index === current} onClick={() => props.onChoose(index)}>
            {counted(ids.length - 1, "step")}
          </button>
          <input
            aria-label={`Name of branch ${index + 1}`}
            value={name}
            onInput={(event) => props.onName(index, event.currentTarget.value)}
          />
          {story.outcome === "violated" && <span class="chip bad">violated</span>}
          <span class="dim">parts at {partsAt(ids, branches[0]!.ids)}</span>
        </div>
      ))}
      <p>
        <button type="button" onClick={props.onFork}>
          fork at step {moment}
        </button>{" "}
        <span class="dim">Taking another action than the one that follows forks by itself.</span>
      </p>
      <h3>Compare this branch with</h3>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault();
          props.onCompare({ protocol: other });
        }}
      >
        <input
          aria-label="Protocol to compare with"
          value={other}
          onInput={(event) => setOther(event.currentTarget.value)}
        />
        <button type="submit">the same actions on this protocol</button>
      </form>
      <label>
        a trace file{" "}
        <input type="file" accept=".json" onChange={(event) => props.onCompareFile(event.currentTarget)} />
      </label>
      <h3>Open</h3>
      <label>
        a trace file{" "}
        <input type="file" accept=".json" onChange={(event) => props.onOpenFile(event.currentTarget)} />
      </label>
    </div>
  );
}

function partsAt(ids: readonly number[], main: readonly number[]): string {
  const index = ids.findIndex((id, at) => id !== main[at]);
  if (index < 0) return ids.length === main.length ? "–" : `step ${ids.length - 1}`;
  return `step ${index}`;
}
