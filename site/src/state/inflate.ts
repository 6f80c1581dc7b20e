/** Ending is how a deflated stream ended: as a whole, before its end, where it cannot be read, or above the limit. */
export type Ending = "whole" | "early" | "damaged" | "large";

/** Code is a Huffman code: how many symbols there are of each length, and the symbols in the order of their codes. */
interface Code {
  counts: Uint16Array;
  symbols: Uint16Array;
}

const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** series gives the bases of lengths or distances whose numbers of extra bits are known. */
function series(first: number, extra: number[]): number[] {
  let next = first;
  return extra.map((bits) => {
    const base = next;
    next += 2 ** bits;
    return base;
  });
}

const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const lengths = [...series(3, lengthBits.slice(0, -1)), 258];
const distanceBits = Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1));
const distances = series(1, distanceBits);

/** codeOf makes the code in which each symbol has the given number of bits; null when there is none. */
function codeOf(bits: number[]): Code | null {
  const counts = new Uint16Array(16);
  for (const n of bits) counts[n]!++;
  counts[0] = 0;
  let free = 1;
  let longest = 0;
  for (let n = 1; n < 16; n++) {
    free = free * 2 - counts[n]!;
    if (free < 0) return null;
    if (counts[n]) longest = n;
  }
  // Bits without a meaning are allowed in two cases: no symbol at all, and a single one of one bit.
  if (free > 0 && longest > 0 && !(longest === 1 && counts[1] === 1)) return null;
  const symbols = bits.map((n, symbol) => ({ n, symbol })).filter(({ n }) => n > 0);
  symbols.sort((a, b) => a.n - b.n || a.symbol - b.symbol);
  return { counts, symbols: Uint16Array.from(symbols, ({ symbol }) => symbol) };
}

const fixedSymbols = codeOf(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)))!;
const fixedDistances = codeOf(Array.from({ length: 32 }, () => 5))!;

/**
 * inflate reads raw deflate (RFC 1951) that may refer back into a dictionary. It stops at the limit, which is in bytes, so that
 * no input makes it work or store without bound, and gives what it has read before something went wrong. The page's own
 * library only writes: it does not tell a stream that was cut from one that ended.
 */
export function inflate(data: Uint8Array, dictionary: Uint8Array, limit: number): { bytes: Uint8Array; ending: Ending } {
  let out = new Uint8Array(dictionary.length + Math.min(limit, 4 * data.length + 64));
  out.set(dictionary);
  let at = dictionary.length;
  const last = at + limit;
  let bit = 0;

  class Stop {
    constructor(readonly ending: Ending) {}
  }
  function bits(n: number): number {
    if (bit + n > data.length * 8) throw new Stop("early");
    let value = 0;
    for (let i = 0; i < n; i++, bit++) value |= ((data[bit >> 3]! >> (bit & 7)) & 1) << i;
    return value;
  }
  function symbol({ counts, symbols }: Code): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let n = 1; n < 16; n++) {
      code |= bits(1);
      const count = counts[n]!;
      if (code - count < first) return symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Stop("damaged");
  }
  function put(byte: number): void {
    if (at === last) throw new Stop("large");
    if (at === out.length) {
      const larger = new Uint8Array(Math.min(last, out.length * 2 + 64));
      larger.set(out);
      out = larger;
    }
    out[at++] = byte;
  }
  function stored(): void {
    bit = (bit + 7) & ~7;
    const length = bits(16);
    if (bits(16) !== (length ^ 0xffff)) throw new Stop("damaged");
    for (let i = 0; i < length; i++) put(bits(8));
  }
  function codes(): [Code, Code] {
    const [nSymbols, nDistances, nLengths] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    if (nSymbols > 286 || nDistances > 30) throw new Stop("damaged");
    const first: number[] = Array.from({ length: 19 }, () => 0);
    for (let i = 0; i < nLengths; i++) first[order[i]!] = bits(3);
    const code = codeOf(first);
    if (!code) throw new Stop("damaged");
    const all: number[] = [];
    while (all.length < nSymbols + nDistances) {
      const s = symbol(code);
      if (s < 16) {
        all.push(s);
        continue;
      }
      if (s === 16 && all.length === 0) throw new Stop("damaged");
      const value = s === 16 ? all.at(-1)! : 0;
      for (let n = s === 16 ? 3 + bits(2) : s === 17 ? 3 + bits(3) : 11 + bits(7); n > 0; n--) all.push(value);
    }
    const [symbols, distance] = [codeOf(all.slice(0, nSymbols)), codeOf(all.slice(nSymbols))];
    if (!symbols || !distance || all.length > nSymbols + nDistances) throw new Stop("damaged");
    return [symbols, distance];
  }
  function compressed(symbols: Code, distance: Code): void {
    for (;;) {
      const s = symbol(symbols);
      if (s === 256) return;
      if (s < 256) {
        put(s);
        continue;
      }
      if (s > 285) throw new Stop("damaged");
      const length = lengths[s - 257]! + bits(lengthBits[s - 257]!);
      const d = symbol(distance);
      if (d > 29) throw new Stop("damaged");
      const back = distances[d]! + bits(distanceBits[d]!);
      if (back > at) throw new Stop("damaged");
      for (let i = 0; i < length; i++) put(out[at - back]!);
    }
  }

  let ending: Ending = "whole";
  try {
    for (let final = 0; !final; ) {
      final = bits(1);
      const kind = bits(2);
      if (kind === 0) stored();
      else if (kind === 1) compressed(fixedSymbols, fixedDistances);
      else if (kind === 2) compressed(...codes());
      else throw new Stop("damaged");
    }
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop;
    ending = stop.ending;
  }
  return { bytes: out.slice(dictionary.length, at), ending };
}
