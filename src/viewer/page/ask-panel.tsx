// The panel for questions to the checker about the state that is looked at. Answers become branches.

import { useState } from "preact/hooks";

interface AskPanelProps {
  readonly properties: readonly string[];
  readonly nodes: readonly string[];
  readonly isAsking: boolean;
  readonly said: string | null;
  readonly problem: string | null;
  readonly onAsk: (question: unknown) => void;
  readonly onStop: () => void;
}

export function AskPanel({ properties, nodes, isAsking, said, problem, onAsk, onStop }: AskPanelProps) {
  const [property, setProperty] = useState("");
  const [within, setWithin] = useState("12");
  const [expression, setExpression] = useState(`${nodes[0] ?? "r0"}.view = 1`);
  const [steps, setSteps] = useState("20");
  const bound = () => (within.trim() === "" ? {} : { within: Number(within) });
  return (
    <div>
      <p>
        From this state, within{" "}
        <input
          type="number"
          min="1"
          class="short"
          aria-label="Within so many actions"
          value={within}
          onInput={(event) => setWithin(event.currentTarget.value)}
        />{" "}
        actions (empty: no limit):
      </p>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault();
          onAsk({ kind: "violation", ...(property && { property }), ...bound() });
        }}
      >
        can{" "}
        <select
          aria-label="Property"
          value={property}
          onChange={(event) => setProperty(event.currentTarget.value)}
        >
          <option value="">any property</option>
          {properties.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>{" "}
        break?
        <button type="submit" disabled={isAsking}>
          shortest violation
        </button>
      </form>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault();
          onAsk({ kind: "reach", expression, ...bound() });
        }}
      >
        <label>
          the shortest way to a state where{" "}
          <input value={expression} onInput={(event) => setExpression(event.currentTarget.value)} />
        </label>
        <button type="submit" disabled={isAsking}>
          find it
        </button>
      </form>
      <div class="ask">
        <button type="button" disabled={isAsking} onClick={() => onAsk({ kind: "finish" })}>
          finish this run fairly
        </button>
        <form
          class="ask"
          onSubmit={(event) => {
            event.preventDefault();
            onAsk({ kind: "random", steps: Number(steps) });
          }}
        >
          <input
            type="number"
            min="1"
            class="short"
            aria-label="How many random actions"
            value={steps}
            onInput={(event) => setSteps(event.currentTarget.value)}
          />
          <button type="submit" disabled={isAsking}>
            random actions
          </button>
        </form>
        <button type="button" disabled={isAsking} onClick={() => onAsk({ kind: "unavoidable" })}>
          when did it become unavoidable?
        </button>
      </div>
      {isAsking && (
        <button type="button" onClick={onStop}>
          stop
        </button>
      )}
      {said && <p role="status">{said}</p>}
      {problem && <p class="problem">{problem}</p>}
    </div>
  );
}
