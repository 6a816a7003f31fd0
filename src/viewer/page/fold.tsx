// A folded part, which is rendered only when it is opened: lists of thousands cost nothing until then.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

interface FoldProps {
  readonly title: ComponentChildren;
  readonly content: () => ComponentChildren;
}

export function Fold({ title, content }: FoldProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen && content()}
    </details>
  );
}
