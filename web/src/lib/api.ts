// The one client of the server. A failed answer becomes an ApiFailure with the server's own words.

import createClient from "openapi-fetch";

import type { paths } from "@/generated/schema";
import { makeAsk } from "@/lib/ask";

export const client = createClient<paths, "application/json">({ baseUrl: window.location.origin, headers: { Accept: "application/json" }, fetch: makeAsk() });

/** Our own code of a failure: the server took the question and said nothing. */
const SILENT = "silent";

/** A request that got no answer, or one outside 2xx. */
export class ApiFailure extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | undefined,
    readonly requestId: string | undefined,
  ) {
    super(message);
    this.name = "ApiFailure";
  }
}

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Waits for an answer and gives its body, or throws what a page can show. */
export async function unwrap<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await asked;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    if (cause instanceof DOMException && cause.name === "TimeoutError") throw new ApiFailure("The server gives no answer", 0, SILENT, undefined);
    throw new ApiFailure("The server cannot be reached", 0, undefined, undefined);
  }
  if (answer.data !== undefined && answer.response.ok) return answer.data;
  throw readFailure(answer.error, answer.response);
}

/** Whether the server was waited for in vain: to wait once more before that is said would help nobody. */
export function isSilent(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === SILENT;
}

/** Whether what was asked for does not exist, or no longer. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 404;
}

/** Whether nobody is logged in any more, or somebody who has to choose a password first. */
export function needsLogin(error: unknown): boolean {
  if (!(error instanceof ApiFailure)) return false;
  return (error.status === 401 && error.code !== "invalid_credentials") || error.code === "password_change_required";
}

/** Whether the one who asks may not do this. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiFailure && error.code === "forbidden";
}

/** What a page shows of an error. */
export function failureOf(error: unknown): { message: string; requestId?: string | undefined } | null {
  if (error === null || error === undefined) return null;
  if (error instanceof ApiFailure) return { message: error.message, requestId: error.requestId };
  return { message: error instanceof Error ? error.message : "something went wrong" };
}

function readFailure(body: unknown, response: Response): ApiFailure {
  const envelope = isRecord(body) ? body : {};
  const error = isRecord(envelope.error) ? envelope.error : {};
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return new ApiFailure(
    text(envelope.message) ?? `The server answered ${response.status}`,
    response.status,
    text(error.code),
    text(error.request_id) ?? response.headers.get("x-request-id") ?? undefined,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
