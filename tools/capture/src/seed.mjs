/** A small seeded generator (mulberry32), so that every run types and sends the same texts. */
export class Seed {
  /** @param {string} name what the numbers are for: equal names give equal numbers */
  constructor(name) {
    let h = 2166136261;
    for (const c of name) h = Math.imul(h ^ c.codePointAt(0), 16777619);
    this.state = h >>> 0;
  }

  /** @returns {number} from 0 up to and without 1 */
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** @param {number} low @param {number} high both included */
  whole(low, high) {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** @template T @param {T[]} list @returns {T} */
  pick(list) {
    return list[this.whole(0, list.length - 1)];
  }

  /** @template T @param {T[]} list @param {number} n */
  some(list, n) {
    const left = [...list];
    const out = [];
    while (out.length < n && left.length) out.push(left.splice(this.whole(0, left.length - 1), 1)[0]);
    return out;
  }

  /** @param {number} n digits */
  hex(n) {
    return Array.from({ length: n }, () => this.whole(0, 15).toString(16)).join("");
  }

  uuid() {
    const h = this.hex(32);
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
  }

  /** @param {number} n bytes of noise, as of a compressed file */
  bytes(n) {
    return Buffer.from(Array.from({ length: n }, () => this.whole(0, 255)));
  }
}
