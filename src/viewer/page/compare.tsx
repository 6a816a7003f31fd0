// What two stories have in common, beside their diagrams: the first step at which they part, the steps around, and the states.

import type { Story } from "../story.js";
import { firstDifference, type Timeline } from "../timeline.js";
import { StateTree } from "./state-tree.js";

interface CompareProps {
  readonly others: readonly Story[];
  /** The one of them that is compared. */
  readonly right: Timeline | null;
  /** The story that is shown. */
  readonly timeline: Timeline;
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  readonly onOther: (index: number) => void;
}

export function ComparePanel({ others, right, timeline: left, moment, onMoment, onOther }: CompareProps) {
  const current = left.story;
  if (!right) return <p class="dim">There is nothing to compare with.</p>;
  const other = right.story;
  const parts = firstDifference(current, other);
  const at = parts ?? Math.max(current.steps.length, other.steps.length);
  const first = Math.max(0, Math.min(moment - 1, at) - 3);
  const rows = Array.from({ length: 9 }, (_, index) => first + index).filter(
    (index) => index < Math.max(current.steps.length, other.steps.length),
  );
  const momentOf = (timeline: Timeline) => Math.min(moment, timeline.length);
  return (
    <div class="compare">
      <label>
        Compare {current.name} with{" "}
        <select
          value={others.indexOf(other)}
          onChange={(event) => onOther(Number(event.currentTarget.value))}
        >
          {others.map((story, index) => (
            <option key={index} value={index}>
              {story.name}
            </option>
          ))}
        </select>
      </label>
      <p class="lead">
        {parts === null ? (
          "They are the same, step by step."
        ) : (
          <>
            They part at{" "}
            <button
              type="button"
              class="jump"
              onClick={() => onMoment(Math.min(parts + 1, current.steps.length))}
            >
              step {parts + 1}
            </button>
          </>
        )}
      </p>
      <table>
        <thead>
          <tr>
            <th />
            <th>{current.name}</th>
            <th>{other.name}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((index) => (
            <tr key={index} class={index === parts ? "parts" : index + 1 === moment ? "selected" : ""}>
              <td>{index + 1}</td>
              <StepCell story={current} index={index} />
              <StepCell story={other} index={index} />
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <b>{current.name}</b>: {current.end}
        <br />
        <b>{other.name}</b>: {other.end}
      </p>
      <h3>States after step {moment}, from the one to the other</h3>
      <ul class="tree">
        {[...left.standing(momentOf(left)).values()].map((node) => (
          <StateTree
            key={node.node}
            name={node.node}
            before={node.state}
            after={right.standing(momentOf(right)).get(node.node)?.state}
          />
        ))}
      </ul>
    </div>
  );
}

function StepCell({ story, index }: { readonly story: Story; readonly index: number }) {
  const step = story.steps[index];
  if (!step) return <td class="dim">{index === story.steps.length ? story.end : ""}</td>;
  return (
    <td>
      {step.line}
      {[...step.events, ...step.changes].map((line, at) => (
        <div key={at} class="dim">
          {line}
        </div>
      ))}
    </td>
  );
}
