import { scriptURL } from "./trusted.ts";

export type Offline = "ready" | "not yet" | "unsupported";

/**
 * registerOffline installs the service worker. Call it after the first answer: earlier it would fetch everything a second time.
 * onready tells when the page works without a network, onupdate gives a function that takes a waiting new version.
 */
export async function registerOffline(onready: () => void, onupdate: (take: () => void) => void): Promise<Offline> {
  if (import.meta.env.MODE === "single") return "ready"; // a page in a single file has nothing to fetch
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return "unsupported";
  const had = Boolean(navigator.serviceWorker.controller);
  try {
    const registration = await navigator.serviceWorker.register(scriptURL("./sw.js"), { updateViaCache: "none" });
    const offer = () => {
      if (registration.waiting && had) {
        const waiting = registration.waiting;
        onupdate(() => {
          navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
          waiting.postMessage({ type: "SKIP_WAITING" });
        });
      }
    };
    offer();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
    void navigator.serviceWorker.ready.then(onready);
    return "not yet";
  } catch {
    return "unsupported";
  }
}
