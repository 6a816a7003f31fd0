// The panel of one step: the step that has led to the moment that is looked at; at the start, what the run is about.

import { counted } from "../../parameters/words.js";
import type { Timeline } from "../timeline.js";
import { Fold } from "./fold.js";
import { Jump, mostListed, type PanelProps } from "./panel.js";
import { StateTree } from "./state-tree.js";

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
        colour="cause"
        steps={timeline.causes(moment - 1)}
        {...{ timeline, onMoment }}
      />
      <StepList
        title="What follows from it"
        colour="effect"
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

interface StepListProps {
  readonly title: string;
  /** In the diagram. */
  readonly colour: "cause" | "effect";
  readonly steps: ReadonlySet<number>;
  readonly timeline: Timeline;
  readonly onMoment: (moment: number) => void;
}

function StepList({ title, colour, steps, timeline, onMoment }: StepListProps) {
  if (steps.size === 0) return null;
  const sorted = [...steps].sort((a, b) => a - b);
  return (
    <Fold
      title={
        <>
          <span class={`swatch ${colour}`} aria-hidden="true" /> {title}: {counted(steps.size, "step")}
        </>
      }
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
