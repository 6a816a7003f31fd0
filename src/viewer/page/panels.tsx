// What is said of the moment that is looked at: the step, the nodes, the properties, the adversary.

import { useState } from "preact/hooks";
import { counted } from "../../parameters/words.js";
import type { StoryMonitor } from "../story.js";
import type { Timeline } from "../timeline.js";
import { Fold } from "./fold.js";
import { StateTree } from "./state-tree.js";

export interface PanelProps {
  readonly timeline: Timeline;
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
}

/** The step that has led to this moment: what it does, what had to happen before, what it makes possible. */
export function StepPanel({ timeline, moment, onMoment }: PanelProps) {
  const { story } = timeline;
  const step = story.steps[moment - 1];
  if (!step)
    return (
      <div>
        <p class="lead">The start.</p>
        <Lines lines={story.about} />
        {story.property !== null && story.meanings[story.property] && (
          <p>
            <b>{story.property}</b> asks that {story.meanings[story.property]}. {story.end}
          </p>
        )}
        {story.steps.length > 0 && (
          <p>
            <Jump moment={1} onMoment={onMoment} label="begin with" />{" "}
            {story.unavoidable?.from ? (
              <Jump
                moment={story.unavoidable.from}
                onMoment={onMoment}
                label="where it becomes unavoidable:"
              />
            ) : null}{" "}
            <Jump moment={story.steps.length} onMoment={onMoment} label="the end:" />
          </p>
        )}
        <Lines lines={story.starts} />
        <p class="dim">
          {story.steps.length > 0
            ? "↓ goes to the next step. Nodes shows what each node knows. ? explains keys and signs."
            : "Nothing has happened yet."}
        </p>
      </div>
    );
  const { message, events, changes, causes } = step;
  const received = timeline.flights().filter(({ sentAt }) => sentAt === moment - 1);
  return (
    <div>
      <p class="lead">
        <b>{moment}</b> {step.line}
      </p>
      <Lines lines={events} className="events" />
      <Lines lines={changes} />
      {events.length + changes.length === 0 && (
        <p class="dim">Nothing that others could see: only its own state changes.</p>
      )}
      {message && (
        <ul class="tree">
          <StateTree name={message.type} before={message.content} after={message.content} open />
        </ul>
      )}
      {causes.length > 0 && (
        <p>
          sent in{" "}
          {causes.map(({ step: at, node }) => (
            <Jump
              key={`${node} ${at}`}
              moment={at === null ? 0 : at + 1}
              onMoment={onMoment}
              label={`by ${node}`}
            />
          ))}
        </p>
      )}
      <StepList
        title="What had to happen before"
        steps={timeline.causes(moment - 1)}
        {...{ timeline, onMoment }}
      />
      <StepList
        title="What follows from it"
        steps={timeline.effects(moment - 1)}
        {...{ timeline, onMoment }}
      />
      {received.length > 0 && (
        <Fold
          title={`${counted(received.length, "message")} sent, by receiver`}
          content={() => (
            <ul class="plain">
              {received.map(({ to, text, receivedAt }) => (
                <li key={`${to} ${text}`}>
                  to {to}: {text}{" "}
                  {receivedAt.length === 0 ? (
                    <span class="dim">not delivered</span>
                  ) : (
                    receivedAt.map((at) => (
                      <Jump key={at} moment={at + 1} onMoment={onMoment} label="arrives" />
                    ))
                  )}
                </li>
              ))}
            </ul>
          )}
        />
      )}
    </div>
  );
}

/** Longer lists are cut. */
const mostListed = 200;

function Lines({
  lines,
  className = "",
}: {
  readonly lines: readonly string[];
  readonly className?: string;
}) {
  if (lines.length === 0) return null;
  return (
    <ul class={`plain ${className}`}>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}

export function Jump({
  moment,
  onMoment,
  label = "",
}: {
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  readonly label?: string;
}) {
  return (
    <button type="button" class="jump" onClick={() => onMoment(moment)}>
      {label} {moment === 0 ? "the start" : `step ${moment}`}
    </button>
  );
}

interface StepListProps {
  readonly title: string;
  readonly steps: ReadonlySet<number>;
  readonly timeline: Timeline;
  readonly onMoment: (moment: number) => void;
}

function StepList({ title, steps, timeline, onMoment }: StepListProps) {
  if (steps.size === 0) return null;
  const sorted = [...steps].sort((a, b) => a - b);
  return (
    <Fold
      title={`${title}: ${counted(steps.size, "step")}`}
      content={() => (
        <ul class="plain">
          {sorted.slice(0, mostListed).map((step) => (
            <li key={step}>
              <Jump moment={step + 1} onMoment={onMoment} /> {timeline.story.steps[step]!.line}
            </li>
          ))}
          {sorted.length > mostListed && <li class="dim">and {sorted.length - mostListed} more</li>}
        </ul>
      )}
    />
  );
}

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

const verdictWords = { holds: "holds so far", pending: "pending", violated: "violated" } as const;

/** What each property says at this moment, and when it has changed its mind. */
export function PropertiesPanel({ timeline, moment, onMoment }: PanelProps) {
  const { story } = timeline;
  // A goal that no fair continuation has to reach any more is missed at the end, although its monitor still waits.
  const isMissed = (property: string) =>
    moment === timeline.length && story.outcome === "violated" && property === story.property;
  const now = timeline
    .monitors(moment)
    .map((one) => (isMissed(one.property) ? { ...one, verdict: "violated" as const } : one));
  return (
    <div>
      {now.map((monitor, index) => (
        <section key={monitor.property} class={`property ${monitor.verdict}`}>
          <h3>
            <span class="chip">{verdictWords[monitor.verdict]}</span> {monitor.property}
          </h3>
          <p class="dim">
            {story.meanings[monitor.property] ? `${story.meanings[monitor.property]}: ` : ""}
            {kindWords[monitor.kind]}
          </p>
          {monitor.why && <p>{monitor.why}</p>}
          <p class="dim">
            {monitor.exercised === 0
              ? "Nothing has tested it yet."
              : `Tested ${counted(monitor.exercised, "time")}.`}
          </p>
          <Turns timeline={timeline} index={index} onMoment={onMoment} />
        </section>
      ))}
      {now.length === 0 && <p class="dim">No property is watched.</p>}
      {story.unavoidable && (
        <section class="property">
          <h3>When did it become unavoidable?</h3>
          <p>
            {story.unavoidable.text}{" "}
            {story.unavoidable.from !== null && story.unavoidable.from > 0 && (
              <Jump moment={story.unavoidable.from} onMoment={onMoment} />
            )}
          </p>
        </section>
      )}
    </div>
  );
}

const kindWords: { readonly [kind in StoryMonitor["kind"]]: string } = {
  always: "must hold in every state",
  eventually: "must be reached by every fair run",
  sometimes: "should be reached by some run",
};

/** The moments at which a property begins to say something else. */
function Turns({
  timeline,
  index,
  onMoment,
}: {
  readonly timeline: Timeline;
  readonly index: number;
  readonly onMoment: (moment: number) => void;
}) {
  const turns: number[] = [];
  for (let moment = 1; moment <= timeline.length; moment++)
    if (timeline.monitors(moment)[index]?.verdict !== timeline.monitors(moment - 1)[index]?.verdict)
      turns.push(moment);
  if (turns.length === 0) return null;
  return (
    <p>
      {turns.slice(0, 20).map((turn) => (
        <Jump key={turn} moment={turn} onMoment={onMoment} label={timeline.monitors(turn)[index]!.verdict} />
      ))}
    </p>
  );
}

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
