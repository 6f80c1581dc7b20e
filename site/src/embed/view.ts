import { mount, unmount } from "svelte";
import base from "../style/base.css?inline";
import Compare from "./Compare.svelte";
import Embed from "./Embed.svelte";
import own from "./embed.css?inline";
import { engine, useLibrary, type Places } from "./engine.ts";
import { codec, load } from "./load.ts";
import { regions, type Host, type View } from "./parts.ts";
import { Session } from "./session.svelte.ts";

/** style is the part of the look that every embed shares: what the page says about documents does not reach into a shadow root. */
export const style = base.replace(/(html|body)\s*\{[^}]*\}/g, "").replace(/select\.input\s*\{[^}]*\}/g, "") + own;

function stored(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** store keeps a text, or forgets it; where nothing may be kept, nothing is. */
function store(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // The reader's browser denies it, and the embed works without.
  }
}

/** open shows a scenario in an element, and gives what the element can do with it. It throws an Error that says why it cannot. */
export async function open(host: Host): Promise<View> {
  const { settings, target } = host;
  const places: Places = { engine: host.engine, worker: host.worker, library: host.library };
  const loaded = await load(host.source);
  const solved = (requests: number) => host.emit({ name: "iam-solved", detail: { requests } });
  let opened = false;
  const compare = settings.mode === "compare";

  const session = (index: number): Session => {
    const { text, trace } = loaded[index]!;
    let last = "";
    const made: Session = new Session(
      text,
      trace,
      {
        client: () => engine(places),
        library: () => useLibrary(places),
        say: host.say,
        onanswer() {
          const now = made.summary;
          if (!now || now.index !== made.request || compare) return;
          const stage = made.explain?.stages.find((one) => one.state === "stopped" || one.state === "depends") ?? made.explain?.stages.find((one) => one.state === "granted");
          const detail = { request: now.name, decision: now.decision, stage: stage?.id ?? "", ...(settings.expose ? { scenario: made.text } : {}) };
          const said = JSON.stringify(detail);
          if (said !== last) host.emit({ name: "iam-result", detail });
          last = said;
        },
        onfailure: (message) => opened && host.emit({ name: "iam-error", detail: { message } }),
        onchange: (now) => settings.storage && store(host.key, now === text ? null : JSON.stringify({ original: text, now })),
      },
      settings.storage ? restored(host.key, text) : text,
    );
    return made;
  };

  const sessions = loaded.map((_, index) => session(index));
  const main = sessions.at(-1)!;
  if (settings.request !== "") {
    const index = main.indexOf(settings.request);
    if (index < 0) throw new Error(`found request=${JSON.stringify(settings.request)}, expected the name of a request of the scenario, or its number from 0`);
    main.request = index;
  } else main.request = loaded.at(-1)!.request;
  for (const [name, words] of Object.entries({ show: settings.show, hide: settings.hide })) {
    const unknown = words.find((word) => !(regions as readonly string[]).includes(word));
    if (unknown !== undefined) throw new Error(`found ${name}=${JSON.stringify(unknown)}, expected ${regions.join(", ")}`);
  }
  const missing = settings.editable.filter((name) => main.named([name]).length === 0);
  if (missing[0] !== undefined) throw new Error(`found editable=${JSON.stringify(missing[0])}, expected the name of a policy of the scenario`);

  const run = () => Promise.all(sessions.map((one) => one.ask())).then(() => {});
  await run();
  const failure = sessions.find((one) => one.answer === null)?.failure;
  if (failure !== undefined) throw new Error(failure);
  opened = true;

  // An address is made of what the reader sees, when it is followed.
  const address = (text: string, request: number) => new URL(`../${text === "" ? "" : codec.encode(text, { request })}`, host.base).href;
  const embed = compare ? null : mount(Embed, { target, props: { session: main, settings, address, rules: new URL("../rules/", host.base).href, onsolved: solved } });
  const app = embed ?? mount(Compare, { target, props: { before: sessions[0]!, after: main, level: settings.headingLevel, address } });
  return {
    select(request) {
      const index = main.indexOf(request);
      if (index >= 0) main.select(index);
      return index >= 0;
    },
    run,
    reset: () => (embed ? embed.reset() : sessions.forEach((one) => one.reset())),
    scenario: () => main.text,
    close() {
      sessions.forEach((one) => one.close());
      void unmount(app);
    },
  };
}

/** restored is the text that was kept for this scenario, or the scenario's own when it has changed since. */
function restored(key: string, text: string): string {
  try {
    const kept = JSON.parse(stored(key) ?? "null") as { original?: unknown; now?: unknown } | null;
    return kept?.original === text && typeof kept.now === "string" ? kept.now : text;
  } catch {
    return text;
  }
}
