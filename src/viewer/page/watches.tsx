// Watches: expressions that the user types, and their values over time.

import { useMemo, useState } from "preact/hooks";
import type { Json } from "../../protocol/schema.js";
import { type Expression, ExpressionError, parseExpression } from "../expression.js";
import type { Timeline } from "../timeline.js";
import { inline } from "./text.js";

interface WatchesProps {
  readonly timeline: Timeline;
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  readonly watches: readonly string[];
  readonly onWatches: (watches: readonly string[]) => void;
}

/** One row for each watch: the values that it takes, as wide as they last. */
export function Watches({ timeline, moment, onMoment, watches, onWatches }: WatchesProps) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const add = (event: Event) => {
    event.preventDefault();
    const problemNow = problemOf(text);
    setProblem(problemNow);
    if (problemNow !== null || text.trim() === "") return;
    onWatches([...watches.filter((watch) => watch !== text), text]);
    setText("");
  };
  return (
    <div class="watches">
      {watches.map((watch) => (
        <WatchRow
          key={watch}
          watch={watch}
          timeline={timeline}
          moment={moment}
          onMoment={onMoment}
          onRemove={() => onWatches(watches.filter((other) => other !== watch))}
        />
      ))}
      <form onSubmit={add}>
        <input
          class="watch"
          placeholder="Watch an expression (w): r1.view, count(r*.log), r2.view = 1 and not r2.down"
          aria-label="Watch an expression"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setProblem(null);
          }}
        />
        {problem && <span class="bad">{problem}</span>}
      </form>
    </div>
  );
}

/** What is wrong with an expression; null if nothing is. */
export function problemOf(text: string): string | null {
  try {
    if (text.trim() !== "") parseExpression(text);
    return null;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message;
    throw error;
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly value: Json | undefined;
}

/** The moments with equal values, joined. */
function spansOf(timeline: Timeline, expression: Expression): Span[] {
  const spans: { from: number; to: number; value: Json | undefined; text: string }[] = [];
  for (let moment = 0; moment <= timeline.length; moment++) {
    const value = expression(timeline.scope(moment));
    const text = JSON.stringify(value) ?? "";
    const last = spans.at(-1);
    if (last?.text === text) last.to = moment;
    else spans.push({ from: moment, to: moment, value, text });
  }
  return spans;
}

interface RowProps {
  readonly watch: string;
  readonly timeline: Timeline;
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  readonly onRemove: () => void;
}

function WatchRow({ watch, timeline, moment, onMoment, onRemove }: RowProps) {
  const spans = useMemo(() => spansOf(timeline, parseExpression(watch)), [watch, timeline]);
  return (
    <div class="watch-row">
      <button type="button" class="remove" aria-label={`Stop watching ${watch}`} onClick={onRemove}>
        ×
      </button>
      <code>{watch}</code>
      <div class="spans">
        {spans.slice(0, 400).map(({ from, to, value }) => (
          <button
            type="button"
            key={from}
            class={moment >= from && moment <= to ? "span now" : "span"}
            style={{ flexGrow: to - from + 1 }}
            title={`from ${from === 0 ? "the start" : `step ${from}`}`}
            onClick={() => onMoment(from)}
          >
            {value === undefined ? "–" : inline(value, 24)}
          </button>
        ))}
      </div>
    </div>
  );
}
