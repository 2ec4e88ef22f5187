import type { Query, QueryCache } from "@tanstack/react-query";

/**
 * What failed stays failed until there is an answer. The library calls a question that never had one "pending" again as
 * soon as it is asked anew: a page that asks by itself every few seconds would flicker between the failure and grey bars,
 * and read the failure out each time.
 */
export function keepFailures(queries: QueryCache): void {
  const failures = new WeakMap<Query, Error>();
  queries.subscribe((event) => {
    if (event.type !== "updated") return;
    const { query, action } = event;
    if (action.type === "error" && query.state.data === undefined && query.state.error !== null) failures.set(query, query.state.error);
    if (action.type === "success") failures.delete(query);
    // Nobody is told of a change before all of it has happened.
    const failure = failures.get(query);
    if (action.type === "fetch" && query.state.data === undefined && failure !== undefined) query.setState({ status: "error", error: failure });
  });
}
