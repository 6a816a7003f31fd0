// The live page: the viewer on a tree of branches, which grows by what the user chooses and by what the checker answers.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { NextGroup } from "../next-action.js";
import type { Story } from "../story.js";
import { AskPanel } from "./ask-panel.js";
import { type Branch, BranchPanel } from "./branch-panel.js";
import type { Key } from "./help.js";
import { NextPanel } from "./next-panel.js";
import { save } from "./picture.js";
import { type Answered, ask, type Opened, Problem, type Taken } from "./server.js";
import { Viewer } from "./viewer.js";
import { problemOf } from "./watches.js";

interface State {
  readonly opened: Opened;
  readonly branches: readonly Branch[];
  readonly current: number;
  readonly moment: number;
}

const formats = ["trace", "html", "ava", "vitest", "mermaid", "itf", "shiviz", "svg"];

export function LiveApp() {
  const [state, setState] = useState<State | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** What can happen next, by the state and by what is looked for: it is always the same. */
  const [knownNext, setKnownNext] = useState<ReadonlyMap<string, readonly NextGroup[]>>(new Map());
  const lastNext = useRef<readonly NextGroup[] | null>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const [said, setSaid] = useState<string | null>(null);
  const [others, setOthers] = useState<readonly Story[]>([]);
  const [watches, setWatches] = useState<readonly string[]>([]);
  const [opens, setOpens] = useState<{ readonly tab: string } | null>(null);

  const attempt = async <T,>(work: () => Promise<T>): Promise<T | null> => {
    try {
      setProblem(null);
      return await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setProblem(error.message);
      return null;
    }
  };
  const show = (opened: Opened) => {
    setProblem(opened.note);
    setOthers([]);
    setSaid(null);
    // A link may be of another version, whose expressions can say more.
    setWatches(opened.watches.filter((watch) => problemOf(watch) === null));
    setState({
      opened,
      branches: [{ name: "main", ids: opened.ids, story: opened.story }],
      current: 0,
      moment: opened.ids.length - 1,
    });
  };
  const open = (body: unknown) =>
    attempt(() => ask<Opened>("open", body)).then((opened) => opened && show(opened));

  useEffect(() => {
    const begin = async () => {
      const isLink = location.hash.length > 1;
      const opened = isLink ? await attempt(() => ask<Opened>("open", { link: location.hash })) : null;
      if (opened) show(opened);
      else {
        const first = await attempt(() => ask<Opened>("session"));
        const why = lastProblem.current;
        if (first) show(first);
        if (isLink && why) setProblem(why);
      }
    };
    void begin();
    const onHash = () => {
      if (location.hash.length > 1 && location.hash !== lastHash.current) void open({ link: location.hash });
    };
    window.addEventListener("hashchange", onHash);
    return () => window.removeEventListener("hashchange", onHash);
  }, []);
  const lastProblem = useRef<string | null>(null);
  lastProblem.current = problem ?? lastProblem.current;
  const lastHash = useRef("");

  const branch = state?.branches[state.current];
  const at = state && branch ? branch.ids[Math.min(state.moment, branch.ids.length - 1)]! : null;
  const session = state?.opened.session ?? 0;
  const nextAt = `${session} ${at} ${query}`;
  const known = knownNext.get(nextAt);
  // Until they are known those of the state before stay in sight, but none of them can be taken.
  lastNext.current = known ?? lastNext.current;

  // What can happen next, whenever another state is looked at; and the link.
  useEffect(() => {
    setActive(0);
    if (at === null || known) return;
    void attemptQuietly(async () => {
      const { groups } = await ask<{ groups: NextGroup[] }>("next", { session, at, query });
      setKnownNext((before) => new Map(before).set(nextAt, groups));
    });
  }, [session, at, query]);
  useEffect(() => {
    if (at === null) return;
    let isOver = false;
    const timer = setTimeout(() => {
      void attemptQuietly(async () => {
        const { link } = await ask<{ link: string }>("link", { session, at, watches });
        if (isOver) return;
        lastHash.current = `#${link}`;
        history.replaceState(null, "", `#${link}`);
      });
    }, 150);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [session, at, watches]);
  const attemptQuietly = (work: () => Promise<void>) => attempt(work);

  // The same objects as long as nothing has changed: the viewer unrolls a story once.
  // The branch that is shown comes first, then what it was compared with last.
  const stories = useMemo(() => {
    const named = (state?.branches ?? []).map(({ story, name }) => ({ ...story, name }));
    const [shown] = named.splice(state?.current ?? 0, 1);
    return shown ? [shown, ...others, ...named] : [];
  }, [state?.branches, state?.current, others]);

  if (!state || !branch || at === null)
    return <p class="viewer problem">{problem ?? "Asking the server …"}</p>;
  const { opened, branches, current, moment } = state;
  const change = (changes: Partial<State>) => setState({ ...state, ...changes });
  const listed = (known ?? []).flatMap(({ actions }) => actions);

  const take = (key: string) =>
    attempt(async () => {
      const taken = await ask<Taken>("take", { session, at, key });
      setSaid(null);
      // The next state of this branch, or of another one that has come the same way: no new branch is needed.
      if (branch.ids[moment + 1] === taken.id) return change({ moment: moment + 1 });
      const prefix = branch.ids.slice(0, moment + 1);
      const same = branches.findIndex(
        ({ ids }) => ids[moment + 1] === taken.id && prefix.every((id, index) => ids[index] === id),
      );
      if (same >= 0) return change({ current: same, moment: moment + 1 });
      const grown: Branch = {
        name: branch.name,
        ids: [...prefix, taken.id],
        story: {
          ...branch.story,
          steps: [...branch.story.steps.slice(0, moment), taken.step],
          lanes: taken.lanes,
          end: taken.end,
          outcome: taken.outcome,
          property: taken.property,
          loopFrom: taken.loopFrom,
          unavoidable: null,
        },
      };
      if (moment === branch.ids.length - 1)
        return change({
          branches: branches.map((one, index) => (index === current ? grown : one)),
          moment: moment + 1,
        });
      return change({
        branches: [...branches, { ...grown, name: newName(branches, "fork") }],
        current: branches.length,
        moment: moment + 1,
      });
    });

  const question = async (body: unknown) => {
    setAsking(true);
    setSaid("Searching …");
    const answered = await attempt(() => ask<Answered>("ask", { session, at, question: body }));
    setAsking(false);
    setSaid(answered?.text ?? null);
    if (answered?.unavoidable) {
      const { unavoidable } = answered;
      const marked = { ...branch, story: { ...branch.story, unavoidable } };
      change({ branches: branches.map((one, index) => (index === current ? marked : one)) });
    }
    if (answered?.ids && answered.story && answered.ids.length > moment + 1) {
      const name = newName(branches, "answer");
      change({
        branches: [...branches, { name, ids: answered.ids, story: { ...answered.story, name } }],
        current: branches.length,
        moment: answered.ids.length - 1,
      });
    }
  };

  const exportAs = (format: string) =>
    attempt(async () => {
      const { name, text } = await ask<{ name: string; text: string }>("export", { session, at, format });
      save(text, name, "application/octet-stream");
    });
  const share = () =>
    attempt(async () => {
      const { link } = await ask<{ link: string }>("link", { session, at, watches });
      const url = `${location.href.replace(/#.*/, "")}#${link}`;
      await navigator.clipboard?.writeText(url).catch(() => undefined);
      setSaid(
        `The link to this state is in the address bar${navigator.clipboard ? " and on the clipboard" : ""}.`,
      );
    });
  const compare = (body: { readonly protocol?: string; readonly trace?: string }) =>
    attempt(async () => {
      const { story } = await ask<{ story: Story }>("compare", { session, at: branch.ids.at(-1)!, ...body });
      setOthers([story, ...others]);
      setSaid(null);
      setOpens({ tab: "Compare" });
    });
  const fork = () =>
    attempt(async () => {
      const { ids, story } = await ask<Pick<Opened, "ids" | "story">>("story", { session, at });
      const forked = { name: newName(branches, "fork"), ids, story };
      change({ branches: [...branches, forked], current: branches.length });
    });
  const readFile = (input: HTMLInputElement, use: (text: string) => void) => {
    const file = input.files?.[0];
    if (file) void file.text().then(use);
    input.value = "";
  };

  const onKey = (event: KeyboardEvent): boolean => {
    const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    if (digit > 0 && listed[digit - 1]) void take(listed[digit - 1]!.key);
    else if (event.key === "]") setActive(Math.max(0, Math.min(active + 1, listed.length - 1)));
    else if (event.key === "[") setActive(Math.max(0, active - 1));
    else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement) && listed[active])
      void take(listed[active]!.key);
    else if (event.key === "y") void share();
    else return false;
    return true;
  };

  return (
    <Viewer
      key={`${session}`}
      stories={stories}
      first={0}
      canChoose={false}
      isWhole
      moment={moment}
      onMoment={(next) => change({ moment: next })}
      onKey={onKey}
      moreKeys={liveKeys}
      opens={opens}
      watches={watches}
      onWatches={setWatches}
      tabs={[
        {
          name: "Next",
          key: "n",
          content: () => (
            <>
              {problem && <p class="problem">{problem}</p>}
              {said && <p role="status">{said}</p>}
              {opened.starts.length > 1 && moment === 0 && (
                <label>
                  begin with{" "}
                  <select
                    value={at}
                    onChange={(event) => {
                      const id = Number(event.currentTarget.value);
                      void attempt(async () =>
                        show({ ...opened, ...(await ask<Opened>("story", { session, at: id })), note: null }),
                      );
                    }}
                  >
                    {opened.starts.map(({ id, text }) => (
                      <option key={id} value={id}>
                        {text}
                      </option>
                    ))}
                  </select>
                </label>
              )}
              <NextPanel
                groups={lastNext.current}
                isKnown={known !== undefined}
                query={query}
                active={active}
                onQuery={setQuery}
                onTake={(key) => void take(key)}
              />
            </>
          ),
        },
        {
          name: "Ask",
          key: "q",
          content: () => (
            <AskPanel
              properties={opened.setting.properties}
              nodes={opened.nodes}
              isAsking={isAsking}
              said={said}
              problem={problem}
              onAsk={(body) => void question(body)}
              onStop={() => void attempt(() => ask("stop", {}))}
            />
          ),
        },
        {
          name: "Branches",
          key: "b",
          content: () => (
            <BranchPanel
              branches={branches}
              current={current}
              moment={moment}
              onChoose={(index) =>
                change({ current: index, moment: Math.min(moment, branches[index]!.ids.length - 1) })
              }
              onName={(index, name) =>
                change({ branches: branches.map((one, at) => (at === index ? { ...one, name } : one)) })
              }
              onFork={() => void fork()}
              onCompare={compare}
              onCompareFile={(input) => readFile(input, (trace) => void compare({ trace }))}
              onOpenFile={(input) => readFile(input, (trace) => void open({ trace }))}
              problem={problem}
              protocol={opened.name}
            />
          ),
        },
      ]}
      head={
        <>
          <button type="button" title="Copy the link to this state (y)" onClick={() => void share()}>
            Share
          </button>
          <select
            aria-label="Export"
            value=""
            onChange={(event) => {
              void exportAs(event.currentTarget.value);
              event.currentTarget.value = "";
            }}
          >
            <option value="">Export …</option>
            {formats.map((format) => (
              <option key={format} value={format}>
                {format}
              </option>
            ))}
          </select>
        </>
      }
    />
  );
}

const liveKeys: readonly Key[] = [
  ["1–9", "take this one of the actions that can happen next"],
  ["[ ] and Enter", "choose one of them, and take it"],
  ["y", "copy the link to this state"],
];

function newName(branches: readonly Branch[], base: string): string {
  let number = 1;
  while (branches.some(({ name }) => name === `${base} ${number}`)) number++;
  return `${base} ${number}`;
}
