// A parameter of a run: one number, name or choice that somebody can set. Each stands in one table, and
// from the tables are made the options of the command line and their help, the schemas of configurations
// and of trace files, the types of the library, captions, the JSON of runs, the lines that repeat a run,
// and docs/cli.md.

import type { Kind, Readable } from "./kinds.js";
import type { Words } from "./vocabulary.js";

/**
 * Where in a setting the value stands: among the parameters that nodes know, the bounds, the times, those
 * of the protocol's own (`config.set`), or in the setting itself.
 */
export type Place = "config" | "bounds" | "timing" | "setting" | "set";

/** What people are told of a parameter. */
export interface Described<Option extends string | null = string | null> {
  /**
   * The option on the command line, in camel case; null: it cannot be asked for, something else in Turncoat
   * decides.
   */
  readonly option: Option;
  /** What stands for the value in the help: `<n>`. */
  readonly value: string;
  /** For `--help`: what it is, in a few words. */
  readonly help: string;
  /** What it is if nobody asks for it, in words; null: nothing can be said in general. */
  readonly byDefault: string | null;
  /** The heading under which `--help` names it. Default: that of its table. */
  readonly group?: string;
  /** More about it, for the reference. */
  readonly doc?: string;
  /** Values beyond this are refused: no run would ever end. */
  readonly most?: number;
}

/** A parameter of a setting. */
export interface Parameter<T, P extends Place, Always extends boolean, Option extends string | null>
  extends Described<Option> {
  readonly kind: Kind<T>;
  readonly place: P;
  /** Whether it has a value in every setting; otherwise it is left out where nobody asks for it. */
  readonly always: Always;
  /** Asking for this is asking for nothing: it is left out of the setting. */
  readonly neutral?: T;
  /** In captions: `2 slots`, in the protocol's words; empty where it has none. Default: it is not in them. */
  caption?(value: T, words: Words): string;
  /** It ends the caption. */
  readonly endsCaption?: boolean;
  /** Among the run's own fields in JSON, or among its `bounds`. Default: neither. */
  readonly json?: "run" | "bounds";
}

type Said<T, P extends Place, Always extends boolean, Option extends string | null> = Omit<
  Parameter<T, P, Always, Option>,
  "kind" | "place" | "always"
>;

/** A parameter with a value in every setting. */
export function always<T, const P extends Place, const Option extends string | null>(
  kind: Kind<T>,
  place: P,
  said: Said<T, P, true, Option>,
): Parameter<T, P, true, Option> {
  return { kind, place, always: true, ...said };
}

/** A parameter that a setting need not have. */
export function optional<T, const P extends Place, const Option extends string | null>(
  kind: Kind<T>,
  place: P,
  said: Said<T, P, false, Option>,
): Parameter<T, P, false, Option> {
  return { kind, place, always: false, ...said };
}

/** A parameter that no option sets: a property or a kind of run asks for it. */
export function internal<T>(kind: Kind<T>, doc: string): Parameter<T, "config", false, null> {
  return { kind, place: "config", always: false, option: null, value: "", help: "", byDefault: null, doc };
}

/** Parameters by the names that they have in the library and in files. */
export interface ParameterTable {
  readonly [name: string]: Parameter<unknown, Place, boolean, string | null>;
}

/** The type of a parameter's values. */
export type ValueOf<Q> = Q extends { readonly kind: Readable<infer T> } ? T : never;

/** The values of the parameters in a place, as fields of one object. */
export type Fields<Table, P extends Place> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly place: P; readonly always: true }
    ? Name
    : never]: ValueOf<Table[Name]>;
} & {
  readonly [Name in keyof Table as Table[Name] extends { readonly place: P; readonly always: false }
    ? Name
    : never]?: ValueOf<Table[Name]>;
};

/** What can be asked for, by the names of the library: every field may be left out. */
export type Asked<Table> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly option: string } ? Name : never]?: ValueOf<
    Table[Name]
  >;
};

/** The same by the names of the options. */
export type Options<Table> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly option: infer Option extends string }
    ? Option
    : never]?: ValueOf<Table[Name]>;
};

/** `[name, parameter]` for each that stands in a place, in the order of the table. */
export function standingIn(table: ParameterTable, place: Place) {
  return Object.entries(table).filter(([, parameter]) => parameter.place === place);
}

/** `[name, parameter, option]` for each that an option sets. */
export function withOption<Entry extends Described>(table: { readonly [name: string]: Entry }) {
  return Object.entries(table).flatMap(([name, parameter]) =>
    parameter.option === null ? [] : [[name, parameter, parameter.option] as const],
  );
}

/** As on the command line: `maxTime` is `--max-time`. */
export function flag(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
