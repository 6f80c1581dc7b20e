import "./style/index.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { clearAddress } from "./address.ts";
import { example, library, linkFormat, managedIndex, managedPolicy, shelf } from "./assets.ts";
import { startEngine } from "./engine/start.ts";
import { asks, Playground } from "./state/playground.svelte.ts";
import { memoryStore, openStore } from "./state/storage.ts";

const first = "tutorials/ali-and-the-ec2-role";

/** patience is how long a browser may think about its database before the page goes on without. */
const patience = 2000;

async function start(): Promise<void> {
  let playground: Playground | null = null;
  const client = startEngine({
    onstatus: (status) => {
      if (playground) playground.status = status;
    },
  });
  const opened = openStore(() => indexedDB);
  const store = await Promise.race([opened, new Promise<ReturnType<typeof memoryStore>>((resolve) => setTimeout(() => resolve(memoryStore()), patience))]);
  playground = new Playground({ client, store, decode: async (link) => (await linkFormat()).decode(link), example, managed: { index: managedIndex, library, policy: managedPolicy, shelf }, now: () => Date.now(), id: () => crypto.randomUUID() });
  await playground.begin(location.hash, first);
  if (asks(location.hash)) clearAddress();
  const target = document.getElementById("app")!;
  target.replaceChildren();
  mount(App, { target, props: { playground, store } });
}

void start();
