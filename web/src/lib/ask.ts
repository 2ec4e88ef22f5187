// How a question reaches the server: waited for only so long, and not put again before the time that a refusal named.

/** The server itself gives up an answer after 30 s; who is silent for longer is not there. */
const LONGEST_MS = 35_000;

/** No refusal keeps the page quiet for longer than this. */
const LONGEST_REFUSAL_S = 120;

interface Refusal {
  until: number;
  body: string;
  headers: Headers;
}

/** Asks the server; a reading that comes before the end of a `Retry-After` gets the same refusal without being sent. */
export function makeAsk(): (request: Request) => Promise<Response> {
  let refusal: Refusal | null = null;
  return async (request) => {
    if (refusal !== null && request.method === "GET" && Date.now() < refusal.until) {
      return new Response(refusal.body, { status: 429, headers: refusal.headers });
    }
    const answer = await fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(LONGEST_MS)]) });
    if (answer.status === 429) refusal = await readRefusal(answer.clone());
    return answer;
  };
}

async function readRefusal(answer: Response): Promise<Refusal | null> {
  const wait = Number(answer.headers.get("retry-after") ?? Number.NaN);
  if (!(wait > 0)) return null;
  return { until: Date.now() + Math.min(wait, LONGEST_REFUSAL_S) * 1000, body: await answer.text(), headers: answer.headers };
}
