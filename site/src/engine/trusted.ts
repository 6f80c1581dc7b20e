interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;

const policy = types?.createPolicy("iam-playground", {
  createScriptURL(url) {
    // Nobody but this page can have made a blob: that it finds.
    if (!url.startsWith("blob:") && new URL(url, location.href).origin !== location.origin) throw new TypeError(`script from another origin: "${url}"`);
    return url;
  },
});

/** scriptURL marks an address of our own as one that may be run; an address of another origin is an error. */
export function scriptURL(url: string): string {
  return policy ? policy.createScriptURL(url) : url;
}

/** threadType is that of scripts of threads. Browsers fetch modules as from another origin where the page is a file: its own blob is one then. */
export const threadType = import.meta.env.MODE === "single" ? "classic" : "module";
