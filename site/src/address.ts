/** clearAddress takes the fragment off the address, once it was followed. In a frame the address is the host's and stays. */
export function clearAddress(): void {
  if (self === top) history.replaceState(null, "", location.pathname + location.search);
}

/** pageAddress is the address of this page without a fragment: what links begin with. */
export function pageAddress(): string {
  return location.href.replace(/[?#].*$/, "").replace(/index\.html$/, "");
}

/** shortLinks is where this page's host stores scenarios under short links; "" when it does not. */
export function shortLinks(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="short-links"]')?.content ?? "";
}
