/** shared are the rules that the page and its embeds have in common. */
const shared = ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "require-trusted-types-for 'script'"];

/** policy is the page's Content-Security-Policy; the build writes it into the page and into `_headers`. */
export const policy = [
  ...shared,
  "img-src 'self' data:",
  "font-src 'self'",
  "frame-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "trusted-types svelte-trusted-html iam-playground",
].join("; ");

/** embedPolicy is that of the page for frames. Its worker may be a blob: a sandboxed frame has no origin that an address of ours could belong to. */
export const embedPolicy = [...shared, "img-src data:", "worker-src 'self' blob:", "trusted-types svelte-trusted-html iam-playground-embed"].join("; ");

/** pagesPolicy is that of the pages without scripts. */
const pagesPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/** singlePolicy is that of the page in a single file, which has its script and its style in itself, by their hashes. */
export const singlePolicy = (script: string, style: string) =>
  [
    "default-src 'none'",
    `script-src '${script}' 'wasm-unsafe-eval'`,
    `style-src '${style}'`,
    "img-src data:",
    "font-src data:",
    "connect-src data:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types svelte-trusted-html iam-playground",
  ].join("; ");

const own = `Content-Security-Policy: ${policy}; frame-ancestors 'self'
  Cross-Origin-Opener-Policy: same-origin
  Cross-Origin-Resource-Policy: same-origin`;
const everybody = `Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin`;

/**
 * headers is the `_headers` file for hosts that read one. frame-ancestors works in a header only. Hosts join what several rules
 * give, so no header has two rules for one path: only embeds stand in other people's pages, and what they load is everybody's.
 */
export const headers = `/*
  Permissions-Policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()
  Referrer-Policy: no-referrer
  X-Content-Type-Options: nosniff
/
  ${own}
  Cache-Control: no-cache
/index.html
  ${own}
  Cache-Control: no-cache
/sw.js
  ${own}
  Cache-Control: no-cache
/scenarios/*
  Content-Security-Policy: ${pagesPolicy}; frame-ancestors 'self'
/assets/*
  Content-Security-Policy: ${policy}; frame-ancestors 'self'
  ${everybody}
  Cache-Control: public, max-age=31536000, immutable
/embed/*
  ${everybody}
/embed/
  Content-Security-Policy: ${embedPolicy}; frame-ancestors *
  Cache-Control: no-cache
/embed/index.html
  Content-Security-Policy: ${embedPolicy}; frame-ancestors *
  Cache-Control: no-cache
/embed/iam-playground.js
  Cache-Control: no-cache
/embed/frame.js
  Cache-Control: no-cache
/embed/host.js
  Cache-Control: no-cache
/embed/assets/*
  Cache-Control: public, max-age=31536000, immutable
`;
