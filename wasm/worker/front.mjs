// What is stored is answered here, without the program in Go: starting that for
// every request takes most of the 10 ms of processor time that the free plan
// has for one, and there is nothing to compute. Everything else goes to it.
// wasm/links/store.go has the form of records, and server.go answers the same
// on other servers.
import program from "./worker.mjs";

const address = /^\/(s|embed)\/([a-z2-7]{12}|[a-z2-7]{20}|[a-z2-7]{52})(\.[a-z]+)?$/;

/** stored is the answer that was made when the scenario was stored; undefined when there is none. */
async function stored(request, env) {
  const url = new URL(request.url);
  const [, folder, id, kind = ""] = address.exec(url.pathname) ?? [];
  if (!id || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
  const record = await env.LINKS.get(id, "arrayBuffer");
  if (!record) return undefined;
  const bodies = new Uint8Array(record).indexOf(10) + 1;
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(record, 0, bodies)));
  if (head.form !== 1) return undefined;
  if (folder === "embed") {
    if (kind) return undefined;
    const headers = { "Cache-Control": "public, max-age=3600", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", Location: `/embed/${url.search}${head.fragment}` };
    return new Response(null, { status: 302, headers });
  }
  if (!Object.hasOwn(head.answers, kind)) return undefined;
  const { headers, start, end } = head.answers[kind];
  const tags = (request.headers.get("If-None-Match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (tags.includes(headers.ETag) || tags.includes("*")) return new Response(null, { status: 304, headers });
  return new Response(new Uint8Array(record, bodies + start, end - start), { headers });
}

export default {
  async fetch(request, env, context) {
    return (await stored(request, env)) ?? program.fetch(request, env, context);
  },
};
