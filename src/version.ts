// The version that traces and reports carry. A test holds it against package.json.

export const version = "0.1.0";
