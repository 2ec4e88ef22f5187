// Lines of access logs in Combined format; invented, with addresses of the documentation blocks.

export interface Line {
  at: Date;
  ip?: string;
  method?: string;
  target?: string;
  status?: number;
  size?: number;
  agent?: string;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** One line of a log. */
export function line({ at, ip = "203.0.113.40", method = "GET", target = "/", status = 200, size = 512, agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" }: Line): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const date = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()] ?? ""}/${at.getUTCFullYear()}`;
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${ip} - - [${date}:${clock} +0000] "${method} ${target} HTTP/1.1" ${status} ${size} "-" "${agent}"`;
}

/** So many ordinary requests, one a second, the newest at `end`; every fifth is a 404, every tenth a 500. */
export function ordinary(count: number, end: Date): string[] {
  const pages = ["/", "/cart", "/products?id=7", "/static/app.css", "/search?q=red+shoes"];
  return Array.from({ length: count }, (_, index) =>
    line({
      at: new Date(end.getTime() - (count - 1 - index) * 1000),
      ip: `203.0.113.${index % 50}`,
      target: pages[index % pages.length] ?? "/",
      status: index % 10 === 9 ? 500 : index % 5 === 4 ? 404 : 200,
    }),
  );
}

/** An instant so many seconds ago. */
export function ago(seconds: number): Date {
  return new Date(Date.now() - seconds * 1000);
}
