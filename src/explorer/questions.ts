// The questions that the page can ask about a state, and their answers in words; most of them open a new branch.

import { match } from "ts-pattern";
import { Dice } from "../fuzz/dice.js";
import { UserError } from "../model/errors.js";
import { counted, grouped } from "../parameters/words.js";
import { isTrue, parseExpression } from "../viewer/expression.js";
import type { StoryUnavoidable } from "../viewer/story.js";
import { scopeOf } from "../viewer/timeline.js";
import { unavoidableOn } from "../viewer/unavoidable.js";
import { type Answer, fairEnd, type Goal, randomRun, shortestWay, violationGoal } from "./ask.js";
import type { Place, Session } from "./session.js";

/** What can be asked. Numbers that are left out have defaults. */
export type Question =
  /** Can a property break within so many actions? Default: any property, no limit. */
  | {
      readonly kind: "violation";
      readonly property?: string;
      readonly within?: number;
      readonly maxStates?: number;
    }
  /** The shortest way to a state of which an expression is true. */
  | {
      readonly kind: "reach";
      readonly expression: string;
      readonly within?: number;
      readonly maxStates?: number;
    }
  | { readonly kind: "finish" }
  | { readonly kind: "random"; readonly steps?: number; readonly seed?: number }
  /** From where on could the violation at this state not be avoided? */
  | { readonly kind: "unavoidable" };

/** A question that is answered by a search. */
type SearchQuestion = Extract<Question, { kind: "violation" | "reach" }>;

/** What is said, and where the answer leads; null if it leads nowhere. */
export interface Answered {
  readonly text: string;
  readonly place: Place | null;
  readonly unavoidable: StoryUnavoidable | null;
}

/** States that a search looks at unless it is told otherwise. */
const defaultStates = 300_000;

/** @throws {UserError} or {ExpressionError} if the question makes no sense. */
export async function answer(
  session: Session,
  at: Place,
  question: Question,
  signal: AbortSignal,
): Promise<Answered> {
  return match(question)
    .returnType<Answered | Promise<Answered>>()
    .with({ kind: "violation" }, { kind: "reach" }, (asked) => searched(session, at, asked, signal))
    .with({ kind: "finish" }, () => finished(session, at))
    .with({ kind: "random" }, (asked) => ranAtRandom(session, at, asked))
    .with({ kind: "unavoidable" }, () => firstUnavoidable(session, at))
    .exhaustive((unknown: unknown) => {
      const { kind } = unknown as { readonly kind: unknown };
      throw new UserError("bad-option", `There is no question ${JSON.stringify(kind)}.`);
    });
}

function told(text: string, place: Place | null = null): Answered {
  return { text, place, unavoidable: null };
}

async function searched(
  session: Session,
  at: Place,
  question: SearchQuestion,
  signal: AbortSignal,
): Promise<Answered> {
  const { within = null, maxStates = defaultStates } = question;
  const limits = { maxDepth: within, maxStates, signal };
  const found = await shortestWay(session.system, at.vector, goalOf(session, question), limits);
  return told(searchText(question, found), found.actions && session.follow(at, found.actions));
}

function finished(session: Session, at: Place): Answered {
  const { actions, note } = fairEnd(session.system, at.vector, 2000);
  const { length } = actions!;
  const text = `Finished fairly in ${counted(length, "action")}, without the adversary: ${note}.`;
  return told(length === 0 ? `Nothing to do: ${note}.` : text, session.follow(at, actions!));
}

function ranAtRandom(session: Session, at: Place, question: Extract<Question, { kind: "random" }>): Answered {
  const { steps = 20, seed = Math.floor(Math.random() * 2 ** 31) } = question;
  const dice = new Dice(seed);
  const found = randomRun(session.system, at.vector, Math.min(steps, 5000), (n) => dice.below(n));
  const actions = found.actions!;
  const note = found.note === null ? "" : `; ${found.note}`;
  return told(
    `${counted(actions.length, "random action")} (seed ${seed})${note}.`,
    session.follow(at, actions),
  );
}

function firstUnavoidable(session: Session, at: Place): Answered {
  const { monitors } = at.moment;
  const violated = monitors.find(({ verdict }) => verdict === "violated");
  const pending = monitors.find(({ kind, verdict }) => kind === "eventually" && verdict === "pending");
  const property = violated?.property ?? pending?.property;
  if (property === undefined)
    throw new UserError("bad-option", "Nothing is violated or pending at this state: go to one first.");
  const states = session.path(at).map(({ vector }) => vector);
  const unavoidable = unavoidableOn(session.system, states, property, 20_000);
  return { text: unavoidable.text, place: null, unavoidable };
}

function goalOf(session: Session, question: SearchQuestion): Goal {
  if (question.kind === "violation")
    return violationGoal(session.system, question.property ? [question.property] : []);
  const expression = parseExpression(question.expression);
  const { teller } = session;
  return (vector) =>
    isTrue(expression(scopeOf(session.summaries({ vector }).map((node) => teller.node(node)))));
}

function searchText(question: SearchQuestion, found: Answer): string {
  const what = question.kind === "reach" ? question.expression : (question.property ?? "a property");
  const verb = question.kind === "reach" ? "becomes true" : "breaks";
  const states = counted(found.states, "state", grouped);
  if (found.actions?.length === 0) return `It is so in this state already.`;
  if (found.actions)
    return `${what} ${verb} in ${counted(found.actions.length, "action")}, and in no fewer (${states}).`;
  const within = question.within === undefined ? "" : ` within ${counted(question.within, "action")}`;
  if (found.complete)
    return `No: ${what} never ${verb}${within} from here (${states}, all that can be reached).`;
  return `${what}: ${found.note} (${states}). Lower the number of actions, or go further by hand.`;
}
