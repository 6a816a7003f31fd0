// The space-time diagram: a lane for each node, time downwards. Only the rows in sight are drawn, so that thousands scroll smoothly.

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { StoryStep } from "../story.js";
import type { Timeline } from "../timeline.js";
import { type Arrow, axisWidth, headHeight, type Layout, type Scale } from "./layout.js";

interface DiagramProps {
  readonly timeline: Timeline;
  readonly layout: Layout;
  readonly scale: Scale;
  /** The moment that is looked at: 0 is the start. */
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  /** Steps that the selected one depends on, and that depend on it. */
  readonly causes: ReadonlySet<number>;
  readonly effects: ReadonlySet<number>;
  readonly showStubs: boolean;
  /** Marks a moment after which two stories part. */
  readonly partsAt?: number | null;
  /** Whose steps they are, where there are two diagrams. */
  readonly caption?: string | undefined;
  /** What the names of its elements begin with, so that those of two diagrams differ. Default: nothing. */
  readonly prefix?: string;
}

/** How far beyond what is in sight things are drawn, in pixels. */
const margin = 400;

export function Diagram(props: DiagramProps) {
  const { timeline, layout, scale, moment, onMoment, causes, effects, showStubs, partsAt = null } = props;
  const { caption, prefix = "" } = props;
  const { story } = timeline;
  const scroller = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, bottom: 1200 });
  const [hovered, setHovered] = useState<number | null>(null);
  const look = () => {
    const element = scroller.current;
    if (!element) return;
    const top = Math.floor(element.scrollTop / 200) * 200;
    setSight((now) =>
      now.top === top && now.bottom >= top + element.clientHeight
        ? now
        : { top, bottom: top + element.clientHeight + 200 },
    );
  };
  useEffect(() => {
    look();
    const observer = new ResizeObserver(look);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const y = moment === 0 ? 0 : layout.y[moment - 1]!;
    const [top, bottom] = [element.scrollTop + headHeight, element.scrollTop + element.clientHeight];
    if (y - scale.row < top) element.scrollTop = Math.max(0, y - headHeight - 2 * scale.row);
    else if (y + scale.row > bottom) element.scrollTop = y - element.clientHeight + 2 * scale.row;
  }, [moment, layout]);
  const [from, to] = [sight.top - margin, sight.bottom + margin];
  const rows = useMemo(() => {
    const { rows: all, y } = layout;
    const first = lowerBound(all, (step) => y[step]! >= from);
    const last = lowerBound(all, (step) => y[step]! > to);
    return all.slice(first, last);
  }, [layout, from, to]);
  const inSight = (y1: number, y2: number) => Math.max(y1, y2) >= from && Math.min(y1, y2) <= to;
  const selected = moment - 1;
  const y = (step: number) => layout.y[step]!;
  const classOf = (step: number) =>
    step === selected ? "selected" : causes.has(step) ? "cause" : effects.has(step) ? "effect" : "";
  const { unavoidable, loopFrom } = story;
  const doomed = unavoidable?.from ?? null;
  return (
    <div
      class="diagram"
      ref={scroller}
      onScroll={look}
      role="listbox"
      tabIndex={0}
      aria-label={caption === undefined ? "Steps" : `Steps of ${caption}`}
      aria-activedescendant={moment === 0 ? undefined : `${prefix}step-${moment}`}
    >
      <div class="lanes" style={{ height: `${headHeight}px`, minWidth: `${layout.width + 160}px` }}>
        {story.lanes.map(({ node, isByzantine }) => (
          <span
            key={node}
            class={isByzantine ? "lane byzantine" : "lane"}
            title={isByzantine ? `${node} is Byzantine` : node}
            style={{ left: `${layout.x.get(node)! - scale.lane / 2}px`, width: `${scale.lane}px` }}
          >
            {isByzantine ? "☠ " : ""}
            {node}
          </span>
        ))}
        {caption !== undefined && (
          <span class="caption" style={{ left: `${layout.width + 40}px` }}>
            {caption}
          </span>
        )}
      </div>
      <div
        class="canvas"
        style={{ height: `${layout.height - headHeight}px`, minWidth: `${layout.width + 160}px` }}
      >
        <svg
          class="space-time"
          aria-hidden="true"
          width={layout.width + 30}
          height={Math.max(0, Math.min(to, layout.height) - Math.max(from, 0))}
          viewBox={`0 ${Math.max(from, 0)} ${layout.width + 30} ${Math.max(0, Math.min(to, layout.height) - Math.max(from, 0))}`}
          style={{ top: `${Math.max(from, 0) - headHeight}px` }}
        >
          {layout.ticks
            .filter((tick) => inSight(tick.y, tick.y))
            .map((tick) => (
              <g key={tick.timeMs} class="tick">
                <text x={axisWidth - 10} y={tick.y + 4} text-anchor="end">
                  {timeText(tick.timeMs)}
                </text>
                <line x1={axisWidth - 6} x2={layout.width} y1={tick.y} y2={tick.y} />
              </g>
            ))}
          {layout.bands
            .filter(({ y1, y2 }) => inSight(y1, y2))
            .map(({ node, y1, y2, view, isDown }) => (
              <rect
                key={`${node} ${y1}`}
                class={isDown ? "band down" : view === null ? "band" : `band view${view % 6}`}
                x={layout.x.get(node)! - 9}
                y={y1}
                width={18}
                height={y2 - y1}
              >
                <title>
                  {isDown
                    ? `${node} is down`
                    : view === null
                      ? node
                      : `${node} in ${story.words.view} ${view}`}
                </title>
              </rect>
            ))}
          {story.lanes.map(({ node }) => (
            <line
              key={node}
              class="life"
              x1={layout.x.get(node)!}
              x2={layout.x.get(node)!}
              y1={headHeight}
              y2={layout.height}
            />
          ))}
          {showStubs &&
            layout.stubs
              .filter((stub) => inSight(stub.y, stub.y + 12))
              .map((stub) => {
                const x = layout.x.get(stub.node)!;
                return (
                  <g key={`${stub.y} ${stub.side} ${stub.node}`} class="stub">
                    <title>{`not delivered:\n${stub.texts.join("\n")}`}</title>
                    <path d={`M${x} ${stub.y}l${stub.side * 16} 7`} />
                    <circle cx={x + stub.side * 17} cy={stub.y + 7.5} r={2} />
                  </g>
                );
              })}
          {layout.arrows
            .filter((arrow) => inSight(arrow.y1, arrow.y2))
            .map((arrow) => (
              <ArrowMark
                key={arrow.step}
                arrow={arrow}
                layout={layout}
                className={`${classOf(arrow.step)}${hovered === arrow.step ? " hovered" : ""}`}
                onHover={setHovered}
                onSelect={() => onMoment(arrow.step + 1)}
              />
            ))}
          {rows.map((step) => (
            <StepMark
              key={step}
              step={story.steps[step]!}
              x={layout.x.get(story.steps[step]!.at)!}
              y={y(step)}
              className={classOf(step)}
            />
          ))}
          {loopFrom !== null && (
            <LoopMark x={layout.width + 6} from={y(loopFrom)} to={y(timelineEnd(timeline))} />
          )}
        </svg>
        {rows.map((step) => (
          <Row
            key={step}
            step={story.steps[step]!}
            index={step}
            prefix={prefix}
            top={y(step) - headHeight - scale.row / 2}
            height={scale.row}
            left={layout.width + (loopFrom === null ? 8 : 30)}
            className={`${classOf(step)}${hovered === step ? " hovered" : ""}`}
            time={
              step === 0 || story.steps[step - 1]!.timeMs !== story.steps[step]!.timeMs
                ? story.steps[step]!.timeMs
                : null
            }
            onSelect={() => onMoment(step + 1)}
            onHover={setHovered}
          />
        ))}
        {doomed !== null && doomed > 0 && doomed <= timeline.length && (
          <Note top={y(doomed - 1) - headHeight - scale.row / 2} kind="doomed">
            unavoidable from here
          </Note>
        )}
        {partsAt !== null && partsAt <= timeline.length && (
          // Of the one that ends there it is below its last step.
          <Note top={(partsAt === 0 ? headHeight : y(partsAt - 1)) - headHeight + scale.row / 2} kind="parts">
            here they part
          </Note>
        )}
      </div>
      {hovered !== null && story.steps[hovered] && (
        <div class="card" role="status">
          <b>{hovered + 1}</b> {story.steps[hovered]!.line}
          {[...story.steps[hovered]!.events, ...story.steps[hovered]!.changes].map((line, index) => (
            <div key={index}>{line}</div>
          ))}
        </div>
      )}
    </div>
  );
}

function timelineEnd(timeline: Timeline): number {
  return timeline.length - 1;
}

function Note({
  top,
  kind,
  children,
}: {
  readonly top: number;
  readonly kind: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`note ${kind}`} style={{ top: `${top}px` }}>
      <span>{children}</span>
    </div>
  );
}

interface RowProps {
  readonly step: StoryStep;
  readonly index: number;
  readonly prefix: string;
  readonly top: number;
  readonly height: number;
  readonly left: number;
  readonly className: string;
  readonly time: number | null;
  readonly onSelect: () => void;
  readonly onHover: (step: number | null) => void;
}

function Row({ step, index, prefix, top, height, left, className, time, onSelect, onHover }: RowProps) {
  const isBad = !["deliver", "timer", "restart"].includes(step.kind);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the list move the selection
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names this one as active
    <div
      id={`${prefix}step-${index + 1}`}
      role="option"
      aria-selected={className.includes("selected")}
      class={`row ${className}`}
      style={{ top: `${top}px`, height: `${height}px`, paddingLeft: `${left}px`, lineHeight: `${height}px` }}
      onClick={onSelect}
      onMouseEnter={() => onHover(index)}
      onMouseLeave={() => onHover(null)}
    >
      <span class="number">{index + 1}</span>
      {time !== null && <span class="dim">{timeText(time)}</span>}
      <span class="what">
        <span class={isBad ? "bad" : ""}>{step.message ? step.line : `${step.at}  ${step.deed}`}</span>
        {step.events.map((event) => (
          <b key={event}> · {event}</b>
        ))}
        {step.changes
          .filter((change) => / moves from /.test(change))
          .map((change) => (
            <span key={change} class="dim">
              {" "}
              · {change}
            </span>
          ))}
        {step.sent.length > 0 && <span class="dim"> · sends {sentText(step)}</span>}
      </span>
    </div>
  );
}

function timeText(ms: number): string {
  return ms >= 10_000 ? `${Math.round(ms) / 1000} s` : `${Math.round(ms * 100) / 100} ms`;
}

function sentText({ sent }: StoryStep): string {
  return [...new Set(sent.map(({ type }) => type))].join(", ");
}

interface ArrowProps {
  readonly arrow: Arrow;
  readonly layout: Layout;
  readonly className: string;
  readonly onHover: (step: number | null) => void;
  readonly onSelect: () => void;
}

function ArrowMark({ arrow, layout, className, onHover, onSelect }: ArrowProps) {
  const { journey, y1, y2 } = arrow;
  const [x1, x2] = [layout.x.get(arrow.from)!, layout.x.get(arrow.to)!];
  const end =
    journey === "lost" || journey === "doubled" ? { x: (x1 + x2) / 2, y: (y1 + y2) / 2 } : { x: x2, y: y2 };
  const angle = (Math.atan2(end.y - y1, end.x - x1) * 180) / Math.PI;
  const path =
    x1 === x2
      ? `M${x1} ${y1}C${x1 + 26} ${y1} ${x1 + 26} ${y2} ${x2 + 4} ${y2}`
      : `M${x1} ${y1}L${end.x} ${end.y}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the row beside the arrow does the same
    <g
      class={`arrow ${journey} ${className}`}
      onMouseEnter={() => onHover(arrow.step)}
      onMouseLeave={() => onHover(null)}
      onClick={onSelect}
    >
      <path class="reach" d={path} />
      <path class="shaft" d={path} />
      {journey === "lost" ? (
        <path class="cross" d={`M${end.x - 4} ${end.y - 4}l8 8m0 -8l-8 8`} />
      ) : journey === "doubled" ? (
        <text x={end.x} y={end.y - 3} text-anchor="middle">
          ×2
        </text>
      ) : (
        <path
          class="tip"
          d="M0 0l-8 -3.5v7z"
          transform={`translate(${end.x} ${end.y}) rotate(${x1 === x2 ? 180 : angle})`}
        />
      )}
    </g>
  );
}

function StepMark({
  step,
  x,
  y,
  className,
}: {
  readonly step: StoryStep;
  readonly x: number;
  readonly y: number;
  readonly className: string;
}) {
  const { kind, executed } = step;
  return (
    <g class={`mark ${className}`}>
      {kind === "timer" && <path class="timer" d={`M${x - 5} ${y - 6}h10l-10 12h10z`} />}
      {kind === "crash" && <path class="crash" d={`M${x - 6} ${y - 6}l12 12m0 -12l-12 12`} />}
      {kind === "restart" && <path class="restart" d={`M${x - 5} ${y + 4}h10l-5 -9z`} />}
      {executed.length > 0 ? (
        <>
          <path class="executed" d={`M${x} ${y - 8}l8 8l-8 8l-8 -8z`} />
          <title>{`executes ${executed.join(", ")}`}</title>
        </>
      ) : (
        kind !== "timer" &&
        kind !== "crash" &&
        kind !== "restart" &&
        kind !== "lose" &&
        kind !== "duplicate" &&
        kind !== "cut" &&
        kind !== "heal" && <circle class="dot" cx={x} cy={y} r={3} />
      )}
    </g>
  );
}

/** What goes on for ever goes back to where it begins. */
function LoopMark({ x, from, to }: { readonly x: number; readonly from: number; readonly to: number }) {
  return (
    <g class="loop">
      <title>again and again</title>
      <path d={`M${x - 6} ${to}h8q8 0 8 -8V${from + 8}q0 -8 -8 -8h-6`} />
      <path class="tip" d={`M${x - 8} ${from}l8 -4v8z`} />
    </g>
  );
}

/** The first index at which a condition holds that holds from then on. */
function lowerBound(items: readonly number[], isThere: (item: number) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isThere(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
