// The fallback for damaged data, say in a file that was cut off: a sentence, and the picture that was there before.

import { Component, type ComponentChildren } from "preact";

interface GuardedProps {
  readonly children: ComponentChildren;
}

export const damaged =
  "The data of this page are damaged, or of another version: write the page again, as in turncoat replay FILE --emit html.";

/** Shows a sentence in the place of what throws while it is drawn. */
export class Guarded extends Component<GuardedProps, { readonly problem: string | null }> {
  override state = { problem: null };

  override componentDidCatch(error: unknown): void {
    this.setState({ problem: `${damaged} (${error instanceof Error ? error.message : String(error)})` });
  }

  override render() {
    return this.state.problem === null ? (
      this.props.children
    ) : (
      <p class="viewer problem">{this.state.problem}</p>
    );
  }
}
