// Access control of the explorer's server: it answers only requests that know the token, name this machine as their host, and do not come
// from another site's page. What a question does is run the user's protocol, and nobody else's page should be able to ask for that.

import { timingSafeEqual } from "node:crypto";
import type { Hono } from "hono";

/** Has the application refuse with 403 what does not come from its own page, and forbid caching, sniffing and framing of what it answers. */
export function guard(app: Hono, token: string): void {
  app.use(async (context, next) => {
    const { host } = new URL(context.req.url);
    const [origin, site] = [context.req.header("origin"), context.req.header("sec-fetch-site")];
    const isHere = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(context.req.header("host") ?? host);
    const isOurs = origin === undefined || /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin);
    if (!isHere || !isOurs || site === "cross-site" || site === "same-site")
      return context.text("not from here", 403);
    await next();
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
    context.header("referrer-policy", "no-referrer");
    context.header("cross-origin-resource-policy", "same-origin");
    return undefined;
  });
  app.use("/:token/*", async (context, next) => {
    if (!isSame(context.req.param("token"), token))
      return context.text("wrong token: use the URL that was printed", 403);
    return next();
  });
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
