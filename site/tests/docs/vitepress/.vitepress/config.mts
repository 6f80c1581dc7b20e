import { defineConfig } from "vitepress";

export default defineConfig({
  title: "Documentation",
  appearance: true,
  head: [
    ["link", { rel: "icon", href: "data:," }],
    ["script", { src: "https://playground.example/embed/iam-playground.js", async: "" }],
    ["script", { src: "https://playground.example/embed/host.js", async: "" }],
  ],
  // Vue would look for a component of that name.
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "iam-playground" } } },
});
