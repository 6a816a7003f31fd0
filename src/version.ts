// The version that traces and reports carry. A test holds it against package.json.

/** The version of Turncoat, as in its package.json. */
export const version = "0.1.0";
