// The viewer: one story as a diagram, with what can be said of the moment that is looked at beside it.

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Story } from "../story.js";
import { firstDifference, Timeline } from "../timeline.js";
import { AdversaryPanel } from "./adversary-panel.js";
import { ComparePanel } from "./compare.js";
import { Diagram } from "./diagram.js";
import { type Filter, FilterBar, isFiltering, noFilter, passes } from "./filter.js";
import { Help, type Key } from "./help.js";
import { layOut, pixelsPerMs, type Scale } from "./layout.js";
import { NodesPanel } from "./nodes-panel.js";
import { savePicture } from "./picture.js";
import { PropertiesPanel } from "./properties-panel.js";
import { StepPanel } from "./step-panel.js";
import { Watches } from "./watches.js";

/** A panel beside the diagram; `key` is the letter that opens it. */
export interface Tab {
  readonly name: string;
  readonly key: string;
  readonly content: () => ComponentChildren;
}

interface ViewerProps {
  readonly stories: readonly Story[];
  /** Which story is shown first. */
  readonly first: number;
  /** Whether one can change between the stories; if not, the others are there to be compared. Default: yes. */
  readonly canChoose?: boolean;
  /** Whether the viewer is all that the page has. */
  readonly isWhole: boolean;
  /** Where somebody else decides which moment is looked at. */
  readonly moment?: number;
  readonly onMoment?: (moment: number) => void;
  /** Panels before the others. */
  readonly tabs?: readonly Tab[];
  /** What stands in the head besides. */
  readonly head?: ComponentChildren;
  /** Keys that the viewer does not know; whether they were meant. */
  readonly onKey?: (event: KeyboardEvent) => boolean;
  /** What these keys do. */
  readonly moreKeys?: readonly Key[];
  /** A panel that is opened, whenever this is another object. */
  readonly opens?: { readonly tab: string } | null;
  readonly watches?: readonly string[];
  readonly onWatches?: (watches: readonly string[]) => void;
}

const rowHeights = [16, 20, 26, 34, 44];

export function Viewer(props: ViewerProps) {
  const { stories, isWhole, canChoose = true, tabs: more = [], head, onKey } = props;
  const [chosen, setChosen] = useState(props.first);
  const story = stories[canChoose ? Math.min(chosen, stories.length - 1) : 0]!;
  const timeline = useMemo(() => new Timeline(story), [story]);
  const [ownMoment, setOwnMoment] = useState(0);
  const moment = Math.min(props.moment ?? ownMoment, timeline.length);
  const setMoment = (next: number) =>
    (props.onMoment ?? setOwnMoment)(Math.max(0, Math.min(next, timeline.length)));
  const [ownWatches, setOwnWatches] = useState<readonly string[]>([]);
  const [tab, setTab] = useState(more[0]?.name ?? "Step");
  const [compared, setCompared] = useState(0);
  useEffect(() => {
    if (!props.opens) return;
    setTab(props.opens.tab);
    setCompared(0);
  }, [props.opens]);
  const [filter, setFilter] = useState<Filter>(noFilter);
  const [zoom, setZoom] = useState(2);
  const [isTimed, setTimed] = useState(false);
  const [showStubs, setStubs] = useState(true);
  const [isHelpOpen, setHelp] = useState(false);
  const root = useRef<HTMLElement>(null);
  const knowsTime = story.steps.some(({ timeMs }) => timeMs !== null);
  const scale: Scale = {
    row: rowHeights[zoom]!,
    lane: laneWidth(story.lanes.length) + 6 * (zoom - 2),
    perMs: isTimed ? pixelsPerMs(story, rowHeights[zoom]!) : null,
  };
  const layout = useMemo(
    () => layOut(timeline, scale, (step) => !isFiltering(filter) || passes(step, filter)),
    [timeline, filter, zoom, isTimed],
  );
  const [causes, effects] = useMemo(
    () => (moment === 0 ? [none, none] : [timeline.causes(moment - 1), timeline.effects(moment - 1)]),
    [timeline, moment],
  );
  const panel = { timeline, moment, onMoment: setMoment };
  const others = stories.filter((one) => one !== story);
  const other = others[Math.min(compared, others.length - 1)];
  const right = useMemo(() => (other && tab === "Compare" ? new Timeline(other) : null), [other, tab]);
  const tabs: Tab[] = [
    ...more,
    { name: "Step", key: "s", content: () => <StepPanel {...panel} /> },
    { name: "Nodes", key: "o", content: () => <NodesPanel {...panel} /> },
    { name: "Properties", key: "p", content: () => <PropertiesPanel {...panel} /> },
    { name: "Adversary", key: "a", content: () => <AdversaryPanel {...panel} /> },
    ...(stories.length > 1
      ? [
          {
            name: "Compare",
            key: "c",
            content: () => (
              <ComparePanel
                {...{ others, right, timeline, moment }}
                onMoment={setMoment}
                onOther={setCompared}
              />
            ),
          },
        ]
      : []),
  ];
  const open = tabs.find(({ name }) => name === tab) ?? tabs[0]!;
  const partsAt = useMemo(() => (right ? firstDifference(story, right.story) : null), [story, right]);

  // What changes with the panels only need not be drawn anew: the same element is left alone.
  const latest = useRef(setMoment);
  latest.current = setMoment;
  const diagram = useMemo(
    () => (
      <Diagram
        {...{ timeline, layout, scale, moment, causes, effects, showStubs, partsAt }}
        caption={right ? story.name : undefined}
        onMoment={(next) => latest.current(next)}
      />
    ),
    [timeline, layout, moment, causes, effects, showStubs, partsAt, right],
  );
  const second = useMemo(
    () =>
      right && (
        <SecondDiagram
          {...{ timeline: right, scale, filter, moment, showStubs, partsAt }}
          onMoment={(next) => latest.current(next)}
        />
      ),
    [right, layout, moment, showStubs, partsAt],
  );
  const filterBar = useMemo(
    () => (
      <FilterBar
        steps={story.steps}
        nodes={story.lanes.map(({ node }) => node)}
        words={story.words}
        filter={filter}
        shown={layout.rows.length}
        onChange={setFilter}
      />
    ),
    [story, filter, layout],
  );

  const go = (by: number) => {
    const shown = layout.rows;
    const target =
      by > 0 ? shown.find((step) => step + 1 > moment) : shown.findLast((step) => step + 1 < moment);
    if (target !== undefined) setMoment(target + 1);
    else if (by < 0) setMoment(0);
  };
  const enlarge = (by: number) => setZoom(Math.max(0, Math.min(rowHeights.length - 1, zoom + by)));
  const keys: { readonly [key: string]: () => void } = {
    ArrowDown: () => go(1),
    j: () => go(1),
    ArrowUp: () => go(-1),
    k: () => go(-1),
    PageDown: () => setMoment(moment + 10),
    PageUp: () => setMoment(moment - 10),
    Home: () => setMoment(0),
    End: () => setMoment(timeline.length),
    "+": () => enlarge(1),
    "-": () => enlarge(-1),
    u: () => setStubs(!showStubs),
    t: () => knowsTime && setTimed(!isTimed),
    "?": () => setHelp(!isHelpOpen),
    "/": () => focusOn(root.current, ".search"),
    g: () => focusOn(root.current, ".goto"),
    w: () => focusOn(root.current, ".watch"),
    Escape: () => {
      setHelp(false);
      root.current?.querySelector<HTMLElement>(".diagram")?.focus();
    },
    ...Object.fromEntries(tabs.map(({ name, key }) => [key, () => setTab(name)])),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { target } = event;
    const isTyping = target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);
    if (isTyping && event.key !== "Escape") return;
    if (!isWhole && !(target instanceof Node && root.current?.contains(target))) return;
    if (onKey?.(event)) {
      event.preventDefault();
      return;
    }
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  const listener = useRef(onKeyDown);
  listener.current = onKeyDown;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => listener.current(event);
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);

  return (
    <section class={isWhole ? "viewer whole" : "viewer"} ref={root} aria-label={story.title}>
      <header>
        <div class="titles">
          <b>{story.title}</b> <span class="dim">{story.subtitle.join(" · ")}</span>
        </div>
        <p class={`end ${story.outcome}`}>{story.end}</p>
        <div class="bar">
          {head}
          {canChoose && stories.length > 1 && (
            <select
              aria-label="Which run"
              value={chosen}
              onChange={(event) => setChosen(Number(event.currentTarget.value))}
            >
              {stories.map((one, index) => (
                <option key={index} value={index}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
          {filterBar}
          <span class="buttons">
            <button type="button" title="Back (↑)" aria-label="One step back" onClick={() => go(-1)}>
              ↑
            </button>
            <span class="position" aria-live="polite">
              {moment === 0 ? "start" : moment} / {timeline.length}
            </span>
            <input
              class="goto"
              type="number"
              min={0}
              max={timeline.length}
              placeholder="go to"
              title="Go to a step (g)"
              aria-label="Go to step"
              onKeyDown={(event) => {
                if (event.key !== "Enter" || event.currentTarget.value === "") return;
                setMoment(Number(event.currentTarget.value));
                event.currentTarget.value = "";
                focusOn(root.current, ".diagram");
              }}
            />
            <button type="button" title="Forward (↓)" aria-label="One step forward" onClick={() => go(1)}>
              ↓
            </button>
            <button type="button" title="Smaller (−)" aria-label="Smaller" onClick={() => enlarge(-1)}>
              −
            </button>
            <button type="button" title="Larger (+)" aria-label="Larger" onClick={() => enlarge(1)}>
              +
            </button>
            {knowsTime && (
              <button type="button" aria-pressed={isTimed} onClick={() => setTimed(!isTimed)}>
                time axis
              </button>
            )}
            <button
              type="button"
              title="Save a picture (SVG)"
              onClick={() => savePicture(root.current!, story, layout)}
            >
              SVG
            </button>
            <button type="button" aria-label="Keys" onClick={() => setHelp(!isHelpOpen)}>
              ?
            </button>
          </span>
        </div>
      </header>
      <div class="body">
        {diagram}
        {second}
        <div class="side">
          <div class="tabs" role="tablist">
            {tabs.map(({ name, key }) => (
              <button
                type="button"
                role="tab"
                key={name}
                aria-selected={name === open.name}
                title={`${name} (${key})`}
                onClick={() => setTab(name)}
              >
                {name}
              </button>
            ))}
          </div>
          <div class="panel" role="tabpanel" aria-label={open.name}>
            {open.content()}
          </div>
        </div>
      </div>
      <Watches
        {...panel}
        watches={props.watches ?? ownWatches}
        onWatches={props.onWatches ?? setOwnWatches}
      />
      {isHelpOpen && <Help tabs={tabs} moreKeys={props.moreKeys ?? []} onClose={() => setHelp(false)} />}
    </section>
  );
}

interface SecondProps {
  readonly timeline: Timeline;
  readonly scale: Scale;
  readonly filter: Filter;
  readonly moment: number;
  readonly onMoment: (moment: number) => void;
  readonly showStubs: boolean;
  readonly partsAt: number | null;
}

/** The diagram of the story that is compared, at the same step. */
function SecondDiagram({ timeline, scale, filter, moment, ...rest }: SecondProps) {
  const { name } = timeline.story;
  const layout = layOut(timeline, scale, (step) => !isFiltering(filter) || passes(step, filter));
  const at = Math.min(moment, timeline.length);
  return (
    <Diagram
      {...{ timeline, layout, scale, ...rest }}
      moment={at}
      causes={at === 0 ? none : timeline.causes(at - 1)}
      effects={at === 0 ? none : timeline.effects(at - 1)}
      caption={name}
      prefix="other-"
    />
  );
}

const none: ReadonlySet<number> = new Set();

function laneWidth(lanes: number): number {
  const room = Math.min(window.innerWidth, 1400) * 0.34;
  return Math.max(30, Math.min(64, Math.floor(room / Math.max(1, lanes))));
}

function focusOn(root: HTMLElement | null, selector: string): void {
  root?.querySelector<HTMLElement>(selector)?.focus();
}
