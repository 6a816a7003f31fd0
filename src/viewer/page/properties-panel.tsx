// The panel of the properties: what they say, what they have seen, and since when the violation cannot be avoided.

import { counted } from "../../parameters/words.js";
import type { StoryMonitor } from "../story.js";
import type { Timeline } from "../timeline.js";
import { Jump, type PanelProps } from "./panel.js";

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
      <Seen timeline={timeline} moment={moment} onMoment={onMoment} />
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

/** The events up to this moment: what the properties compare. */
function Seen({ timeline, moment, onMoment }: PanelProps) {
  const seen = timeline.story.steps
    .slice(0, moment)
    .flatMap(({ events }, index) => events.map((text) => ({ text, at: index + 1 })));
  if (seen.length === 0) return null;
  const shown = seen.slice(-mostSeen);
  return (
    <section class="property">
      <h3>What properties have seen so far</h3>
      <ul class="plain">
        {shown.length < seen.length && <li class="dim">{seen.length - shown.length} events before</li>}
        {shown.map(({ text, at }, index) => (
          <li key={index}>
            <Jump moment={at} onMoment={onMoment} /> {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

const mostSeen = 20;

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
