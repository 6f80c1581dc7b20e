/** clearAddress takes the fragment off the address, once it was followed. In a frame the address is the host's and stays. */
export function clearAddress(): void {
  if (self === top) history.replaceState(null, "", location.pathname + location.search);
}

/** pageAddress is the address of this page without a fragment: what links begin with. */
export function pageAddress(): string {
  return location.href.replace(/[?#].*$/, "").replace(/index\.html$/, "");
}

/**
 * shortLinks gives the function that stores a scenario on this page's server under a short address; null where the server does
 * not offer it, which it does with <meta name="short-links" content="api/scenarios">. token is "" for a scenario that somebody
 * stored there before.
 */
export function shortLinks(): ((text: string) => Promise<{ url: string; token: string }>) | null {
  const at = document.querySelector<HTMLMetaElement>('meta[name="short-links"]')?.content;
  if (!at) return null;
  return async (body) => {
    const response = await fetch(new URL(at, pageAddress()), { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const said = (await response.json().catch(() => ({}))) as { url?: unknown; token?: unknown; error?: unknown };
    if (!response.ok || typeof said.url !== "string") throw new Error(typeof said.error === "string" ? said.error : `the server answered with status ${response.status}`);
    return { url: new URL(said.url, pageAddress()).href, token: typeof said.token === "string" ? said.token : "" };
  };
}
