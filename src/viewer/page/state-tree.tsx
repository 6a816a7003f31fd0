// The state of a node as a tree. What a step has changed is marked and open; what it has left alone is folded.

import { useState } from "preact/hooks";
import type { Json } from "../../protocol/schema.js";
import { aligned, isEqual, isObject } from "../patch.js";
import { inline, isShort } from "./text.js";

type Mark = "same" | "changed" | "added" | "removed";

const signs: { readonly [mark in Mark]: string } = { same: "", changed: "~", added: "+", removed: "−" };
const words: { readonly [mark in Mark]: string } = {
  same: "",
  changed: "changed: ",
  added: "new: ",
  removed: "removed: ",
};

interface TreeProps {
  readonly name: string;
  /** Undefined: it was not there. */
  readonly before: Json | undefined;
  /** Undefined: it is no longer there. */
  readonly after: Json | undefined;
  readonly open?: boolean;
}

/** One value, before and after a step. */
export function StateTree({ name, before, after, open = false }: TreeProps) {
  const mark = markOf(before, after);
  const [choice, setChoice] = useState<{ readonly mark: Mark; readonly open: boolean } | null>(null);
  const value = (after === undefined ? before : after) as Json;
  const isChangedInside = mark === "changed" && isFolder(before) && isFolder(after);
  const label = (
    <>
      <span class="sign" aria-hidden="true">
        {signs[mark]}
      </span>
      <span class="sr">{words[mark]}</span>
      <span class="key">{name}</span>
    </>
  );
  if (!isChangedInside && isShort(value))
    return (
      <li class={`leaf ${mark}`}>
        {label} {mark === "changed" && <del>{inline(before as Json)}</del>} <Value value={value} />
      </li>
    );
  // A choice to open or fold lasts until a step changes the mark.
  const isOpen = choice?.mark === mark ? choice.open : open || isChangedInside;
  return (
    <li class={mark}>
      <button
        type="button"
        class="fold"
        aria-expanded={isOpen}
        onClick={() => setChoice({ mark, open: !isOpen })}
      >
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span>
        {label}{" "}
        {isOpen ? <span class="dim">{sizeOf(value)}</span> : <span class="dim">{inline(value, 56)}</span>}
      </button>
      {isOpen && (
        <ul class="tree">
          {childrenOf(isChangedInside ? before : after === undefined ? before : undefined, after).map(
            (child) => (
              <StateTree
                key={child.key}
                name={child.name}
                before={mark === "same" ? child.after : child.before}
                after={child.after}
                open={mark === "same" && open}
              />
            ),
          )}
        </ul>
      )}
    </li>
  );
}

function Value({ value }: { readonly value: Json }) {
  return <span class={value === null ? "null" : typeof value}>{inline(value)}</span>;
}

function markOf(before: Json | undefined, after: Json | undefined): Mark {
  if (before === undefined) return "added";
  if (after === undefined) return "removed";
  return isEqual(before, after) ? "same" : "changed";
}

function isFolder(value: Json | undefined): boolean {
  return typeof value === "object" && value !== null;
}

interface Child {
  readonly key: string;
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function childrenOf(before: Json | undefined, after: Json | undefined): Child[] {
  if (Array.isArray(before) || Array.isArray(after)) {
    const [left, right] = [arrayOf(before), arrayOf(after)];
    return aligned(left, right).map(([i, j], index) => ({
      key: String(index),
      name: String(j ?? i),
      before: i === null ? undefined : left[i],
      after: j === null ? undefined : right[j],
    }));
  }
  const [left, right] = [objectOf(before), objectOf(after)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => ({
    key,
    name: key,
    before: Object.hasOwn(left, key) ? left[key] : undefined,
    after: Object.hasOwn(right, key) ? right[key] : undefined,
  }));
}

function arrayOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function objectOf(value: Json | undefined): { readonly [key: string]: Json } {
  return value !== undefined && isObject(value) ? value : {};
}

function sizeOf(value: Json): string {
  if (Array.isArray(value)) return `${value.length}`;
  return "";
}
