import tokens from "../style/tokens.css?inline";
import { codeBefore } from "./adopt.ts";
import { modes, type Host, type Mode, type Parts, type Settings, type Source, type View } from "./parts.ts";
import { isPhrase, parsePhrase, scenarioAround } from "./phrase.ts";
import look from "./shell.css?inline";

/** The names of files beside this script, which the build knows. */
declare const __PARTS__: { view: string; style: string; worker: string; engine: string; library: string };

const script = (document.currentScript as HTMLScriptElement | null) ?? document.querySelector<HTMLScriptElement>("script[src*='embed/iam-playground.js']");
/** base is the address of the folder embed/ of the playground that this script came from. */
const base = new URL(".", script?.src || document.baseURI).href;

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

const tokenSheet = sheet(tokens.replace(/:root\[data-theme[^}]*\}/g, "").replaceAll(":root", ":host").replace("color-scheme: light dark;", ""));
const lookSheet = sheet(look);

/** The late parts are loaded once for a page, whatever the number of its embeds. */
let loading: Promise<[Parts, CSSStyleSheet[]]> | undefined;

function load(): Promise<[Parts, CSSStyleSheet[]]> {
  const style = async () => {
    const response = await fetch(new URL(__PARTS__.style, base));
    if (!response.ok) throw new Error(`status ${response.status}`);
    return response.text();
  };
  loading ??= Promise.all([import(/* @vite-ignore */ new URL(__PARTS__.view, base).href) as Promise<Parts>, style()]).then(
    ([parts, css]) => [parts, [sheet(parts.style), sheet(css)]],
    (error: unknown) => {
      loading = undefined;
      throw new Error(`the playground could not be loaded from ${base}: ${reason(error)}`);
    },
  );
  return loading;
}

const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

function make<K extends keyof HTMLElementTagNameMap>(name: K, className = "", text = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

const words = (text: string | null) => (text ?? "").split(/[\s,]+/).filter(Boolean);
const labels: Record<Mode, string> = { static: "", trace: "Explore", interactive: "Try it", quiz: "Start", compare: "Compare" };

/**
 * IamPlayground is <iam-playground>: a scenario in somebody's page. Its children are what is shown without it; they stay until
 * the scenario is opened, and when it cannot be. Attributes, events and methods are described in the README, under "Embedding".
 */
export class IamPlayground extends HTMLElement {
  static readonly observedAttributes = ["src", "link", "trace", "before", "mode", "request", "focus", "editable", "show", "hide", "heading-level", "loading", "storage", "expose"];

  private view: View | null = null;
  /** wanted says that the reader, the page or the attributes asked for the scenario to be opened. */
  private wanted = false;
  private opening: Promise<void> | null = null;
  private turn = 0;
  private watcher: IntersectionObserver | null = null;
  private readonly built: ReturnType<IamPlayground["build"]>;
  private queued = false;

  constructor() {
    super();
    this.built = this.build();
  }

  private build() {
    const root = this.attachShadow({ mode: "open", delegatesFocus: false });
    root.adoptedStyleSheets = [tokenSheet, lookSheet];
    const before = make("div", "iam");
    const skip = make("button", "skip", "Skip this playground");
    skip.type = "button";
    const card = make("div", "card");
    const target = make("div", "iam view");
    const fallback = make("div", "fallback");
    const slot = make("slot");
    fallback.append(slot);
    const bar = make("div", "iam bar");
    const said = make("div", "said");
    said.setAttribute("role", "status");
    const end = make("span", "end said", "End of the playground");
    for (const part of [before, target, bar, end]) part.lang = "en";
    target.hidden = true;
    before.append(skip, said);
    card.append(target, fallback, bar);
    root.append(before, card, end);
    // The end can be reached by skipping alone. While it has the focus it must be in the order of Tab: from outside of that order Chromium would go back to the first.
    skip.addEventListener("click", () => {
      end.tabIndex = 0;
      end.focus();
    });
    end.addEventListener("blur", () => end.removeAttribute("tabindex"));
    slot.addEventListener("slotchange", () => this.dress());
    return { root, target, fallback, slot, bar, said, end };
  }

  get mode(): Mode {
    const said = this.getAttribute("mode") ?? "interactive";
    return (modes as readonly string[]).includes(said) ? (said as Mode) : "interactive";
  }

  connectedCallback(): void {
    // A script in the head may run before the element's children are there.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.begin(), { once: true });
    else this.later();
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.close();
    });
  }

  attributeChangedCallback(name: string, old: string | null, now: string | null): void {
    if (old === now || !this.isConnected) return;
    if (name === "request" && this.view && now !== null && !isPhrase(now) && !isPhrase(old ?? "")) {
      if (!this.view.select(now)) this.fail(new Error(`found request=${JSON.stringify(now)}, expected the name or the number of one`));
    } else if (name === "loading" && this.view) return;
    else this.later();
  }

  /** later begins anew, once for all changes of this turn. */
  private later(): void {
    if (this.queued || (document.readyState === "loading" && !this.view)) return;
    this.queued = true;
    queueMicrotask(() => {
      this.queued = false;
      if (this.isConnected) this.begin();
    });
  }

  /** begin shows what is there without loading anything, and opens the scenario if that is wanted. */
  private begin(): void {
    if (!this.isConnected) return;
    const wanted = this.wanted;
    this.close();
    this.wanted = wanted && this.mode !== "static";
    this.dress();
    if (this.mode === "static") return;
    const loading = this.getAttribute("loading") ?? "click";
    if (this.wanted || loading === "eager") void this.start();
    else if (loading === "visible") {
      this.watcher = new IntersectionObserver((seen) => {
        if (seen.some((one) => one.isIntersecting)) void this.start();
      });
      this.watcher.observe(this);
    }
  }

  private close(): void {
    this.turn++;
    this.watcher?.disconnect();
    this.watcher = null;
    this.view?.close();
    this.view = null;
    this.opening = null;
    this.built.target.replaceChildren();
    this.built.target.hidden = true;
    this.built.fallback.hidden = false;
    this.built.root.adoptedStyleSheets = [tokenSheet, lookSheet];
  }

  /** dress fills the bar below the fallback: what is asked, the button that opens the scenario, or what went wrong. */
  private dress(problem = ""): void {
    const { bar, slot, fallback } = this.built;
    const filled = slot.assignedNodes().some((node) => (node instanceof Element ? !node.matches("script, template") : node.nodeType === 3 && node.nodeValue!.trim() !== ""));
    fallback.classList.toggle("filled", filled);
    bar.replaceChildren();
    bar.hidden = this.view !== null;
    if (bar.hidden) return;
    const mode = this.mode;
    const asked = make("p", "ask soft");
    const request = this.getAttribute("request") ?? "";
    try {
      if (isPhrase(request)) {
        const phrase = parsePhrase(request);
        const codes = [phrase.who, phrase.do, phrase.on].map((part) => make("code", "", part));
        asked.classList.remove("soft");
        asked.append(codes[0]!, " wants to ", codes[1]!, " on ", codes[2]!);
        if (phrase.context.length) asked.append(" with ", make("code", "", phrase.context.map((pair) => pair.join("=")).join(", ")));
      } else asked.textContent = "IAM Playground";
    } catch (error) {
      problem ||= reason(error);
    }
    if (mode === "static") {
      bar.hidden = !this.hasAttribute("link") && problem === "" && filled;
    } else {
      const start = make("button", "start", this.opening ? "Loading…" : labels[mode]);
      start.type = "button";
      start.disabled = this.opening !== null;
      start.addEventListener("click", () => void this.start());
      asked.after(start);
      bar.append(asked, start);
    }
    if (mode === "static") bar.append(asked);
    const link = this.getAttribute("link");
    if (link) {
      const away = make("a", "away", "Open in the playground");
      away.href = new URL(`../#${link.slice(link.indexOf("#") + 1).replace(/^(?!s=)/, "s=")}`, base).href;
      away.target = "_blank";
      away.rel = "noopener";
      bar.append(away);
    }
    if (problem) {
      const wrong = make("p", "wrong", `This playground cannot be shown: ${problem}`);
      wrong.setAttribute("role", "alert");
      bar.append(wrong);
    }
  }

  private fail(error: unknown): void {
    const message = reason(error);
    this.dress(message);
    this.emit("iam-error", { message });
  }

  private emit(name: string, detail: object): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  private async start(): Promise<void> {
    this.wanted = true;
    this.watcher?.disconnect();
    this.opening ??= this.show();
    return this.opening;
  }

  private async show(): Promise<void> {
    const turn = this.turn;
    const focused = this.built.root.activeElement !== null && this.built.root.activeElement.matches(".start");
    // The bar says that it is loading from the next turn on, when opening is set.
    await Promise.resolve();
    this.dress();
    try {
      const source = this.source();
      const [parts, sheets] = await load();
      if (turn !== this.turn) return;
      this.built.root.adoptedStyleSheets = [tokenSheet, ...sheets, lookSheet];
      // Editors measure what they are in, so it is there before them.
      this.built.target.hidden = false;
      const view = await parts.open(this.host(source));
      if (turn !== this.turn) {
        view.close();
        return;
      }
      this.view = view;
      this.built.fallback.hidden = true;
      this.dress();
      if (focused) this.built.target.querySelector<HTMLElement>("[tabindex='-1']")?.focus();
      this.emit("iam-ready", { mode: this.mode });
    } catch (error) {
      if (turn !== this.turn) return;
      this.opening = null;
      this.wanted = false;
      this.built.target.replaceChildren();
      this.built.target.hidden = true;
      this.fail(error);
    }
  }

  private host(source: Source): Host {
    const at = (name: string) => new URL(name, base).href;
    return {
      target: this.built.target,
      base,
      engine: at(__PARTS__.engine),
      worker: at(__PARTS__.worker),
      library: at(__PARTS__.library),
      source,
      settings: this.settings(),
      key: `iam-playground/${location.pathname}/${Array.from(document.querySelectorAll("iam-playground")).indexOf(this)}`,
      say: (change) => (this.built.said.textContent = change),
      emit: ({ name, detail }) => this.emit(name, detail),
    };
  }

  private settings(): Settings {
    const level = Number(this.getAttribute("heading-level") ?? 3);
    const request = this.getAttribute("request") ?? "";
    return {
      mode: this.mode,
      request: isPhrase(request) ? "" : request,
      focus: this.getAttribute("focus") ?? "",
      editable: words(this.getAttribute("editable")),
      show: words(this.getAttribute("show")),
      hide: words(this.getAttribute("hide")),
      headingLevel: level >= 1 && level <= 6 ? Math.floor(level) : 3,
      storage: this.getAttribute("storage") === "local",
      expose: this.getAttribute("expose") === "scenario",
    };
  }

  /** source finds the scenario. It throws an Error that says what is missing. */
  private source(): Source {
    const two = this.mode === "compare";
    const said = this.getAttribute("mode");
    if (said !== null && said !== this.mode) throw new Error(`found mode=${JSON.stringify(said)}, expected ${modes.join(", ")}`);
    const inline = Array.from(this.querySelectorAll<HTMLScriptElement>("script[type='application/json']"));
    const trace = inline.find((one) => one.matches(".trace"))?.textContent ?? undefined;
    const traceUrl = this.address("trace");
    const pair = (name: "src" | "link") => {
      const values = [this.getAttribute("before"), this.getAttribute(name)];
      if (two && values[0] === null) throw new Error(`found ${name} without before, expected before="…" with what was before the change`);
      return (two ? values : values.slice(1)) as string[];
    };
    if (this.hasAttribute("link")) return { links: pair("link"), trace, traceUrl };
    if (this.hasAttribute("src")) return { urls: pair("src").map((one) => new URL(one, document.baseURI).href), trace, traceUrl };
    const scenarios = inline.filter((one) => !one.matches(".trace"));
    if (two) {
      const versions = ["before", "after"].map((version) => scenarios.find((one) => one.dataset.version === version)?.textContent);
      if (versions.some((one) => one === undefined)) throw new Error('found no two scenarios, expected <script type="application/json" data-version="before"> and one with data-version="after"');
      return { texts: versions as string[] };
    }
    if (scenarios[0]) return { texts: [scenarios[0].textContent ?? ""], trace, traceUrl };
    if (trace !== undefined || traceUrl) return { trace, traceUrl };
    const code = codeBefore(this);
    if (code === null) throw new Error("found no scenario, expected src, link, a script of type application/json inside, or a block of JSON before");
    const request = this.getAttribute("request") ?? "";
    if (isPhrase(request)) return { texts: [scenarioAround(code, parsePhrase(request))] };
    if (!/"(accounts|requests)"\s*:/.test(code)) throw new Error('found a policy before and no request, expected request="who=ali do=s3:GetObject on=BUCKET/KEY"');
    return { texts: [code] };
  }

  private address(name: string): string | undefined {
    const value = this.getAttribute(name);
    return value === null ? undefined : new URL(value, document.baseURI).href;
  }

  /** run opens the scenario if need be, and answers it; it resolves when the answer is shown. */
  async run(): Promise<void> {
    await this.start();
    await this.view?.run();
  }

  /** reset takes back what the reader changed. */
  reset(): void {
    this.view?.reset();
  }

  /** getScenario is the scenario's text as the reader left it; "" while it is not open. */
  getScenario(): string {
    return this.view?.scenario() ?? "";
  }
}

if (!customElements.get("iam-playground")) customElements.define("iam-playground", IamPlayground);
