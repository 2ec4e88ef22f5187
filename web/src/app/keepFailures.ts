import type { QueryCache } from "@tanstack/react-query";

/**
 * What failed stays failed until there is an answer. The library calls a question that never had one "pending" again as
 * soon as it is asked anew: a page that asks by itself every few seconds would flicker between the failure and grey bars,
 * and read the failure out each time.
 */
export function keepFailures(queries: QueryCache): void {
  const failures = new WeakMap<object, unknown>();
  queries.subscribe((event) => {
    if (event.type !== "updated") return;
    const { action, query } = event;
    const isUnanswered = query.state.data === undefined;
    if (action.type === "error" && isUnanswered) failures.set(query, query.state.error);
    if (action.type === "success") failures.delete(query);
    // Nobody is told of a change before all of it has happened.
    if (action.type === "fetch" && isUnanswered && failures.has(query)) query.setState({ status: "error", error: failures.get(query) });
  });
}
