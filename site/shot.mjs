import { chromium } from "@playwright/test";
const [, , hash, name, script] = process.argv;
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless","--no-sandbox","--disable-gpu"] });
for (const [w, h] of [[1440, 900], [768, 1024], [360, 740]]) for (const scheme of ["light", "dark"]) {
  if (process.env.ONLY && !process.env.ONLY.split(",").includes(`${w}${scheme[0]}`)) continue;
  const p = await b.newPage({ viewport: { width: w, height: h }, colorScheme: scheme });
  p.on("console", (m) => m.type() === "error" && console.log(m.text()));
  p.on("pageerror", (m) => console.log(m.message));
  await p.goto("http://127.0.0.1:8917/" + hash);
  await p.waitForTimeout(1500);
  if (script) { const f = new Function("p", `return (async()=>{${script}})()`); await f(p); await p.waitForTimeout(500); }
  await p.screenshot({ path: `/tmp/w/shot-${name}-${w}-${scheme}.png` });
  await p.close();
}
await b.close();
