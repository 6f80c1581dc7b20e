/** Net is an IP address or network: its bits as a number, and how many of them count. */
interface Net {
  bits: bigint;
  length: number;
  /** width is 32 or 128. */
  width: number;
  /** single says that it was written without a length. */
  single: boolean;
}

function v4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((p) => /^(0|[1-9]\d{0,2})$/.test(p) && Number(p) < 256)) return null;
  return parts.reduce((sum, p) => (sum << 8n) | BigInt(p), 0n);
}

function v6(text: string): bigint | null {
  if (!/^[0-9a-f:]{2,39}$/i.test(text)) return null;
  const [head, tail, ...more] = text.split("::");
  if (more.length > 0) return null;
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [first, last] = [groups(head), groups(tail)];
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...first, ...Array.from({ length: missing }, () => "0"), ...last];
  return all.every((g) => /^[0-9a-f]{1,4}$/i.test(g)) ? all.reduce((sum, g) => (sum << 16n) | BigInt(`0x${g}`), 0n) : null;
}

/** net reads an IP address or a network in CIDR notation; null for anything else. */
export function net(text: string): Net | null {
  const [address, length, ...more] = text.split("/") as [string, ...string[]];
  const short = v4(address);
  const bits = short ?? v6(address);
  if (bits === null || more.length > 0) return null;
  const width = short === null ? 128 : 32;
  if (length === undefined) return { bits, length: width, width, single: true };
  return /^\d{1,3}$/.test(length) && Number(length) <= width ? { bits, length: Number(length), width, single: false } : null;
}

function written({ bits, length, width, single }: Net): string {
  const parts = width === 32 ? [24n, 16n, 8n, 0n].map((s) => (bits >> s) & 255n) : Array.from({ length: 8 }, (_, i) => (bits >> BigInt(112 - 16 * i)) & 0xffffn);
  const address = width === 32 ? parts.join(".") : parts.map((p) => p.toString(16)).join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
  return single ? address : `${address}/${length}`;
}

const start = ({ bits, width }: Net, length: number) => (bits >> BigInt(width - length)) << BigInt(width - length);
const holds = (outer: Net, inner: Net) => outer.width === inner.width && outer.length <= inner.length && start(inner, outer.length) === start(outer, outer.length);

const documentation = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32"].map((t) => net(t)!);

/** harmless says that an address tells nothing: it is everything, this machine, or made for documentation or benchmarks. */
export function harmless(one: Net): boolean {
  return one.length === 0 || one.bits === 0n || holds(net("127.0.0.0/8")!, one) || holds(net("::1")!, one) || documentation.some((d) => holds(d, one));
}

/** room lists the networks of one length that stand in for others: the documentation's first, then those for benchmarks and private use. */
function* room(width: number, length: number): Generator<Net> {
  const one = (text: string) => net(text)!;
  if (width === 32 && length === 24) yield* [one("203.0.113.0/24"), one("198.51.100.0/24"), one("192.0.2.0/24")];
  const outer = width === 128 ? one("2001:db8::/32") : length < 15 ? one("10.0.0.0/8") : one("198.18.0.0/15");
  if (length < outer.length) return;
  const step = 1n << BigInt(width - length);
  for (let n = 0n; n < 1n << BigInt(Math.min(16, length - outer.length)); n++) yield { bits: outer.bits + n * step, length, width, single: false };
}

/**
 * standIns gives each address a stand-in in such a way that one lies in another exactly when their stand-ins do. Addresses of
 * one /24 (IPv4) or /48 (IPv6) stay in one, with their last part as it was. fixed are addresses that stay; what finds no room
 * is left out of the answer.
 */
export function standIns(texts: string[], fixed: string[]): Map<string, string> {
  const nets = texts.map((text) => ({ text, net: net(text)! }));
  const taken = fixed.flatMap((text) => net(text) ?? []);
  const roots: { from: Net; to: Net | null }[] = [];
  const widened = nets.map(({ net }) => ({ ...net, length: Math.min(net.length, net.width === 32 ? 24 : 48) }));
  // The widest first, so that each address finds the widest network that holds it; the order of appearance decides among equals.
  for (const from of widened.filter((n) => !widened.some((o) => o.length < n.length && holds(o, n)))) {
    if (roots.some((r) => holds(r.from, from))) continue;
    let to: Net | null = null;
    const clash = (n: Net) => taken.some((t) => t.length > 0 && (holds(t, n) || holds(n, t)));
    if (!clash(from)) for (const n of room(from.width, from.length)) if (!clash(n) && (to = n)) break;
    if (to) taken.push(to);
    else taken.push(from);
    roots.push({ from, to });
  }
  const found = new Map<string, string>();
  for (const { text, net } of nets) {
    const root = roots.find((r) => holds(r.from, net));
    if (root?.to) found.set(text, written({ ...net, bits: net.bits - start(root.from, root.from.length) + root.to.bits }));
  }
  return found;
}
