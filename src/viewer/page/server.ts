// The requests of the live page to the server of `turncoat explore`.

import type { Story, StoryLane, StoryOutcome, StoryStep, StoryUnavoidable } from "../story.js";

/** An open exploration, at some place. */
export interface Opened {
  readonly session: number;
  readonly name: string;
  readonly setting: { readonly protocol: string; readonly properties: readonly string[] };
  readonly nodes: readonly string[];
  readonly starts: readonly { readonly id: number; readonly text: string }[];
  /** The numbers of the states of the story, the start first. */
  readonly ids: readonly number[];
  readonly story: Story;
  readonly note: string | null;
  /** Expressions that are to be watched. */
  readonly watches: readonly string[];
}

export interface Taken {
  readonly id: number;
  readonly step: StoryStep;
  readonly lanes: readonly StoryLane[];
  readonly end: string;
  readonly outcome: StoryOutcome;
  readonly property: string | null;
  readonly loopFrom: number | null;
}

export interface Answered {
  readonly text: string;
  readonly unavoidable: StoryUnavoidable | null;
  readonly ids?: readonly number[];
  readonly story?: Story;
}

/** An answer of the server that something is wrong, in its words. */
export class Problem extends Error {
  override readonly name = "Problem";
}

/** Asks the server. @throws {Problem} */
export async function ask<T>(what: string, body?: unknown): Promise<T> {
  const options =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(`api/${what}`, options);
  } catch {
    throw new Problem("The server does not answer: is turncoat explore still running?");
  }
  const text = await response.text();
  if (!response.ok) {
    let problem = text;
    try {
      problem = (JSON.parse(text) as { problem: string }).problem;
    } catch {
      // not ours: shown as it is
    }
    throw new Problem(problem);
  }
  return JSON.parse(text) as T;
}
