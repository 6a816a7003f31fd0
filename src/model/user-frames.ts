// The lines of an exception's stack that belong to user code, without those of Turncoat and of Node. Anything
// can be thrown: strings, null, and objects that throw again when they are inspected.

import { join, resolve, sep } from "node:path";
import { withOriginalPlaces } from "../bundle/original-place.js";
import { compiledDirectory } from "../bundle/own-code.js";

/**
 * Turncoat's own code, as it is installed, and its sources, which stand in stacks where source maps are on (test runners turn them on).
 * The protocols that come with it are not among them: their lines are shown, as a user's are.
 */
const installed = resolve(compiledDirectory);
const ownCode = [installed, join(installed, "..", "..", "src")].map((path) => path + sep);

/** More than this is a recursion without end, and its first lines say all. */
const maxFrames = 12;

/**
 * What was thrown, in one line.
 *
 * ```ts
 * thrownText(new Error("boom")) // => "boom"
 * ```
 */
export function thrownText(error: unknown): string {
  const text = attempt(() => (error instanceof Error ? error.message || error.name : String(error)));
  return clip(text === null ? "something that has no text" : text.replaceAll(/\s+/g, " "));
}

/** The frames of the user's code, innermost first, each as `at name (file:line:column)`; empty if nothing tells them. */
export function userFrames(error: unknown): readonly string[] {
  const stack = attempt(() => (error instanceof Error ? String(error.stack ?? "") : ""));
  const frames = (stack ?? "")
    .split("\n")
    .slice(0, 1000)
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .filter((line) => line.length < 1000)
    .map((line) => withOriginalPlaces(line));
  // What is beyond the last of ours has called us: a test runner, or the command line.
  const called = frames.slice(0, frames.findLastIndex(isOurs) + 1 || frames.length);
  const first = called.findIndex(isUsers);
  if (first < 0) return [];
  const end = called.findIndex((frame, index) => index > first && isOurs(frame));
  const own = called
    .slice(first, end < 0 ? called.length : end)
    .filter(isUsers)
    .map((line) => line.replaceAll("file://", ""));
  return own.filter((frame, index) => frame !== own[index - 1]).slice(0, maxFrames); // a recursion says the same many times
}

/** Whether the user's code threw it, and not ours or that of a package. */
export function isThrownByUser(error: unknown): boolean {
  const [innermost] = (attempt(() => (error instanceof Error ? String(error.stack ?? "") : "")) ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") && !/\(?node:/.test(line))
    .slice(0, 1)
    .map((line) => withOriginalPlaces(line));
  return (
    innermost !== undefined &&
    !innermost.includes(join(installed, "..")) &&
    !isOurs(innermost) &&
    !/node_modules/.test(innermost)
  );
}

function isUsers(frame: string): boolean {
  return !isOurs(frame) && !/\(?node:|<anonymous>\)?$|node_modules[/\\](jiti|commander)[/\\]/.test(frame);
}

function isOurs(frame: string): boolean {
  return ownCode.some((path) => frame.includes(path) && !frame.includes(join(path, "protocols")));
}

function attempt(get: () => unknown): string | null {
  try {
    const text = get();
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

function clip(text: string): string {
  return text.length > 1200 ? `${text.slice(0, 1200)}...` : text;
}
