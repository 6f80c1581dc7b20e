// The page for frames: embed/?mode=trace#s=1.… It keeps nothing, asks nobody, and never changes its address.
import { api, asked, hello, limits, meter, type Told } from "./contract.ts";
import { IamPlayground } from "./element.ts";
import { modes } from "./parts.ts";

const page = new CSSStyleSheet();
page.replaceSync('html { color-scheme: light dark; } html[data-theme="light"] { color-scheme: light; } html[data-theme="dark"] { color-scheme: dark; } body { margin: 0; } iam-playground { margin: 0; }');
document.adoptedStyleSheets = [page];

/** passed are the attributes that the address may set. There is no storage in a frame. */
const passed = ["src", "before", "mode", "request", "focus", "editable", "show", "hide", "heading-level", "loading", "expose"];
const parameters = new URLSearchParams(location.search);
const element = document.createElement("iam-playground") as IamPlayground;

function theme(name: string): void {
  document.documentElement.dataset.theme = name;
}

/** follow takes the scenario from the address; the address of a frame is the page's, and stays as it is. */
function follow(): void {
  if (location.hash.length > 1) element.setAttribute("link", location.hash);
  else element.removeAttribute("link");
}

for (const name of passed) {
  const value = parameters.get(name);
  if (value !== null) element.setAttribute(name, value);
}
if (!parameters.has("heading-level")) element.setAttribute("heading-level", "1");
if (!parameters.has("loading")) element.setAttribute("loading", "visible");
theme(parameters.get("theme") ?? "auto");
follow();
addEventListener("hashchange", follow);
document.body.replaceChildren(element);

function serve(port: MessagePort, nonce: string): void {
  const tell = (message: Told) => {
    if (JSON.stringify(message).length <= limits.characters) port.postMessage(message);
    else if (message.type === "result") port.postMessage({ ...message, scenario: undefined });
  };
  const mayAsk = meter(() => performance.now());
  port.onmessage = ({ data }) => {
    if (!mayAsk()) return;
    const message = asked(data);
    if (message?.type === "set-request") element.setAttribute("request", message.request);
    else if (message?.type === "set-theme") theme(message.theme);
    else if (message?.type === "set-lang") document.documentElement.dataset.lang = message.lang;
    else if (message?.type === "reset") element.reset();
  };
  tell({ iam: 1, type: "ready", nonce, api, mode: element.mode, modes });
  const on = (name: string, told: (detail: any) => Told) => element.addEventListener(name, (event) => tell(told((event as CustomEvent).detail)));
  on("iam-result", (detail) => ({ iam: 1, type: "result", ...detail }));
  on("iam-solved", (detail) => ({ iam: 1, type: "solved", requests: detail.requests }));
  on("iam-error", (detail) => ({ iam: 1, type: "error", message: detail.message }));
  let told = 0;
  new ResizeObserver(() => {
    const height = Math.ceil(element.getBoundingClientRect().height);
    if (height !== told) tell({ iam: 1, type: "resize", height: (told = height) });
  }).observe(element);
}

function greeted(event: MessageEvent): void {
  const nonce = hello(event.data);
  const port = event.ports[0];
  if (parent === window || event.source !== parent || nonce === null || !port || event.ports.length !== 1) return;
  removeEventListener("message", greeted);
  serve(port, nonce);
}
addEventListener("message", greeted);
