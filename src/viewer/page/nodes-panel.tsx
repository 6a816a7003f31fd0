// The panel with the state of every node.

import { counted } from "../../parameters/words.js";
import { Fold } from "./fold.js";
import { mostListed, type PanelProps } from "./panel.js";
import { StateTree } from "./state-tree.js";

/** The state of every node, and what is under way to it. */
export function NodesPanel({ timeline, moment }: PanelProps) {
  const before = timeline.standing(Math.max(0, moment - 1));
  const after = timeline.standing(moment);
  const underWay = timeline
    .flights()
    .filter(({ sentAt, receivedAt }) => sentAt < moment && !receivedAt.some((at) => at < moment));
  return (
    <div>
      {[...after.values()].map((node) => {
        const was = before.get(node.node)!;
        const isChanged = was !== node;
        const waiting = underWay.filter(({ to }) => to === node.node);
        return (
          <section key={node.node} class={isChanged ? "node changed" : "node"} aria-label={node.node}>
            <h3>
              {node.node}
              {node.view !== null && (
                <span class={`chip view${node.view % 6}`}>
                  {timeline.story.words.view} {was.view === node.view ? "" : `${was.view} → `}
                  {node.view}
                </span>
              )}
              {node.down && <span class="chip bad">down</span>}
              {node.timers.map((timer) => (
                <span key={timer} class="chip">
                  timer {timer}
                </span>
              ))}
              {isChanged && <span class="chip new">changed</span>}
            </h3>
            <ul class="tree">
              <StateTree
                name="state"
                before={was.state}
                after={node.state}
                open={isChanged || after.size <= 2}
              />
            </ul>
            {waiting.length > 0 && (
              <Fold
                title={
                  <span class="dim">{counted(waiting.length, "message")} sent to it and not delivered</span>
                }
                content={() => (
                  <ul class="plain">
                    {waiting.slice(0, mostListed).map(({ from, text, sentAt }) => (
                      <li key={`${sentAt} ${text}`}>
                        {from}: {text} <span class="dim">(step {sentAt + 1})</span>
                      </li>
                    ))}
                    {waiting.length > mostListed && (
                      <li class="dim">and {waiting.length - mostListed} more</li>
                    )}
                  </ul>
                )}
              />
            )}
          </section>
        );
      })}
    </div>
  );
}
