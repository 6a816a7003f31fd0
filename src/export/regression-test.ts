// A trace as a regression test that needs no other file: the trace itself stands in it. The test says what a replay answers
// today; where that is a violation, a comment says what to expect once it is repaired.

import { visibleText } from "../model/visible-text.js";
import type { Json } from "../protocol/index.js";
import { encodeTrace } from "../trace/codec.js";
import { prettyJson } from "../trace/pretty.js";
import { version } from "../version.js";
import type { ReplayedTrace } from "./exporter.js";

/** How a test runner says what every one can say. */
export interface Runner {
  /** Lines that import what is needed. */
  readonly imports: string;
  /** What the test function takes. */
  readonly parameter: string;
  /** That two expressions are equal. */
  readonly equal: (actual: string, expected: string) => string;
  /** That they are not. */
  readonly different: (actual: string, expected: string) => string;
}

/** The text of the test. It is JavaScript and TypeScript alike. */
export function regressionTest({ trace, file }: ReplayedTrace, runner: Runner): string {
  const { setting, violates, expect } = trace;
  const subject = `${setting.protocol}: ${violates.property}: ${violates.explanation}`;
  const name = expect === "reproduced" ? subject : `no longer: ${subject}`;
  // What is in the text of a trace, in its order: JSON is JavaScript, but for a key named __proto__.
  const literal = prettyJson(JSON.parse(encodeTrace(trace)) as Json).replaceAll(
    /"__proto__":/g,
    '["__proto__"]:',
  );
  const asserted =
    expect === "reproduced"
      ? [
          runner.equal("result.outcome", '"reproduced"'),
          `// Once this is repaired: ${runner.different("result.outcome", '"reproduced"')}`,
        ]
      : [runner.different("result.outcome", '"reproduced"')];
  // Everything that visibleText escapes stands in a string of JavaScript, or in the first comment.
  return visibleText(`// Written by Turncoat ${version}: turncoat replay ${oneLine(file)}
// A protocol that is named by a path is looked for from the directory in which the tests are started.

${runner.imports}
import { decodeTrace, renderReplay, replay } from "turncoat";

const trace = decodeTrace(
  JSON.stringify(${literal.replaceAll("\n", "\n  ")}),
  "the trace in this test",
);

test(${JSON.stringify(name)}, async (${runner.parameter}) => {
  const result = await replay(trace);
  const told = renderReplay(result).join("\\n");
${asserted.map((line) => `  ${line}`).join("\n")}
});
`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
