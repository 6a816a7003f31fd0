// The Content-Security-Policy of a page that is served: the one that the page itself names.

/** The policy in the page's head. */
export function policyOf(page: string): string {
  return /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
}
