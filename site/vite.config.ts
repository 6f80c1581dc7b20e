import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { headers, policy } from "./csp.ts";

/** strictPolicy writes the policy into the built page and beside it; the development server needs inline code and goes without. */
function strictPolicy(): Plugin {
  return {
    name: "strict-policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle }) {
        // The engine is the largest part of the first answer, so it is asked for before anything has run.
        const engine = Object.keys(bundle ?? {}).find((name) => /engine-[^/]*\.wasm$/.test(name));
        return [
          { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: policy }, injectTo: "head-prepend" },
          // Its server makes short links: "go run ./scripts/build -short-links" says where.
          ...(process.env.SHORT_LINKS ? [{ tag: "meta", attrs: { name: "short-links", content: process.env.SHORT_LINKS }, injectTo: "head" as const }] : []),
          ...(engine ? [{ tag: "link", attrs: { rel: "preload", href: `./${engine}`, as: "fetch", type: "application/wasm", crossorigin: true }, injectTo: "head" as const }] : []),
        ];
      },
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "_headers", source: headers });
    },
  };
}

/** previews says what previews of links to the page show. They know whole addresses only, so it takes the address of the site. */
function previews(site: string): Plugin {
  const title = "IAM Playground";
  const about = "Ask what AWS IAM would answer to a request, and why. Runs in your browser; nothing you type leaves it.";
  const og = { type: "website", site_name: title, title, description: about, url: site, image: `${site}scenarios/index.png`, "image:width": "1200", "image:height": "630" };
  return {
    name: "previews",
    apply: "build",
    transformIndexHtml: () => [
      ...Object.entries(og).map(([name, content]) => ({ tag: "meta", attrs: { property: `og:${name}`, content } })),
      { tag: "meta", attrs: { name: "twitter:card", content: "summary_large_image" } },
      { tag: "link", attrs: { rel: "canonical", href: site } },
    ],
  };
}

const site = process.env.SITE_URL;

export default defineConfig({
  base: "./",
  plugins: [
    svelte(),
    strictPolicy(),
    ...(site ? [previews(site)] : []),
    VitePWA({
      injectRegister: null,
      registerType: "prompt",
      manifest: {
        name: "IAM Playground",
        short_name: "IAM Playground",
        description: "Ask what AWS IAM would answer, and why. Everything stays in this browser.",
        start_url: "./",
        scope: "./",
        display: "standalone",
        background_color: "#fbfaf7",
        theme_color: "#fbfaf7",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        globPatterns: ["**/*.{html,js,css,json,wasm,woff2,svg,webmanifest,txt}"],
        // The pages without scripts are read offline too, but for their pictures.
        globIgnores: ["scenarios/**/*.{svg,json}", "managed/**"],
        // Every address has its own file: the page itself answers for no other, and parameters change no file.
        navigateFallback: null,
        ignoreURLParametersMatching: [/./],
        // AWS's policies beyond the curated ones are fetched when they are asked for, and stay from then on. The file with all is kept by the page itself, which can remove it.
        runtimeCaching: [{ urlPattern: /\/managed\/(?!all\.json$)[^/]+\.json$/, handler: "StaleWhileRevalidate", options: { cacheName: "managed-policies" } }],
        maximumFileSizeToCacheInBytes: 8_000_000,
        // One file: a second one would be fetched through importScripts, which Trusted Types refuse.
        inlineWorkboxRuntime: true,
        cleanupOutdatedCaches: true,
        dontCacheBustURLsMatching: /assets\//,
      },
    }),
  ],
  worker: { format: "es" },
  build: {
    target: "es2022",
    manifest: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
